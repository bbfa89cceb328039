/**
 * Many vectors, each multiplied with several directions: the costly part of the distance.
 *
 * @module
 */

/** Vectors turned to float64 at once: an even number, few enough to stay in a near cache. */
const BLOCK = 64;

/**
 * Products of vectors [count, length] with directions, a multiple of four of them, into `out`
 * [directions, count].
 *
 * Two vectors and four directions at a time: their eight sums stay in registers, and float64, since
 * an engine without vector instructions would only convert to and fro.
 */
export function project(
  vectors: Float32Array,
  directions: readonly Float64Array[],
  out: Float32Array,
): void {
  const length = directions[0].length;
  const count = vectors.length / length;
  // [fours, length, 4]: what the inner loop reads lies in a row.
  const packed = new Float64Array(directions.length * length);
  for (const [j, direction] of directions.entries()) {
    for (let k = 0; k < length; k++) packed[((j >> 2) * length + k) * 4 + (j & 3)] = direction[k];
  }
  const block = new Float64Array(BLOCK * length);
  for (let from = 0; from < count; from += BLOCK) {
    const size = Math.min(BLOCK, count - from);
    block.set(vectors.subarray(from * length, (from + size) * length));
    for (let j = 0; j < directions.length; j += 4) {
      const four = packed.subarray(j * length, (j + 4) * length);
      projectBlock(block, size, four, out, j * count + from, count);
    }
  }
}

/** A block against four directions; of an odd size, the last one's neighbour is not written. */
function projectBlock(
  block: Float64Array,
  size: number,
  four: Float64Array,
  out: Float32Array,
  at: number,
  stride: number,
): void {
  const length = four.length / 4;
  for (let n = 0; n < size; n += 2) {
    let a0 = 0, a1 = 0, a2 = 0, a3 = 0;
    let b0 = 0, b1 = 0, b2 = 0, b3 = 0;
    const left = n * length;
    const right = left + length;
    for (let k = 0, d = 0; k < length; k++, d += 4) {
      const a = block[left + k];
      const b = block[right + k];
      const d0 = four[d];
      const d1 = four[d + 1];
      const d2 = four[d + 2];
      const d3 = four[d + 3];
      a0 += a * d0;
      a1 += a * d1;
      a2 += a * d2;
      a3 += a * d3;
      b0 += b * d0;
      b1 += b * d1;
      b2 += b * d2;
      b3 += b * d3;
    }
    const to = at + n;
    out[to] = a0;
    out[to + stride] = a1;
    out[to + 2 * stride] = a2;
    out[to + 3 * stride] = a3;
    if (n + 1 === size) return;
    out[to + 1] = b0;
    out[to + stride + 1] = b1;
    out[to + 2 * stride + 1] = b2;
    out[to + 3 * stride + 1] = b3;
  }
}
