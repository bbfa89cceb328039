/**
 * Laplacian pyramids (Burt and Adelson 1983): a picture as bands of detail and a small remainder.
 *
 * Each level is half the size of the one before: smoothed with the binomial filter (1 4 6 4 1)/16
 * along both axes, every other pixel kept. A band is a level minus the next one, enlarged again with
 * the same filter; the last level stays as it is. Edges are mirrored about the outermost pixel.
 *
 * @module
 */

/** One level: `data` is [size, size, 3]. */
export interface PyramidLevel {
  /** Pixels a side. */
  readonly size: number;
  /** Red, green and blue; of a band also below zero. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** The smallest level's size. */
const SMALLEST = 16;

/** The sizes of a pyramid's levels, from the picture's own down to 16 or just above. */
export function pyramidSizes(size: number): number[] {
  const sizes = [size];
  while (sizes.at(-1)! % 2 === 0 && sizes.at(-1)! / 2 >= SMALLEST) sizes.push(sizes.at(-1)! / 2);
  return sizes;
}

/** The pyramid of a picture [size, size, 3]. */
export function laplacianPyramid(picture: ArrayLike<number>, size: number): PyramidLevel[] {
  const levels = pyramidSizes(size).map((side) => ({
    size: side,
    data: new Float32Array(3 * side * side),
  }));
  levels[0].data.set(picture);
  for (let i = 1; i < levels.length; i++) {
    const { size, data } = levels[i - 1];
    halve(data, size, levels[i].data);
    subtractEnlarged(levels[i].data, size, data);
  }
  return levels;
}

/** Smooths and keeps every other pixel: [size, size, 3] to [size/2, size/2, 3]. */
function halve(from: Float32Array, size: number, to: Float32Array): void {
  const halfway = new Float32Array(from.length / 2);
  halveLines(from, size, size, halfway);
  halveLines(halfway, size / 2, size, to);
}

/** Takes a level, enlarged, away from one of `size`. */
function subtractEnlarged(small: Float32Array, size: number, from: Float32Array): void {
  const halfway = new Float32Array(from.length / 2);
  const enlarged = new Float32Array(from.length);
  enlargeLines(small, size / 2, size / 2, halfway);
  enlargeLines(halfway, size, size / 2, enlarged);
  for (let i = 0; i < from.length; i++) from[i] -= enlarged[i];
}

/** [lines, length, 3] to [length/2, lines, 3]: transposed, so that twice does both axes. */
function halveLines(from: Float32Array, lines: number, length: number, to: Float32Array): void {
  const mirror = (i: number): number => i < 0 ? -i : i >= length ? 2 * length - 2 - i : i;
  for (let i = 0; i < length / 2; i++) {
    const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((offset) => 3 * mirror(2 * i + offset));
    for (let line = 0; line < lines; line++) {
      const at = 3 * line * length;
      const out = 3 * (i * lines + line);
      for (let k = 0; k < 3; k++) {
        const outer = from[at + a + k] + from[at + e + k];
        const inner = from[at + b + k] + from[at + d + k];
        to[out + k] = (outer + 4 * inner + 6 * from[at + c + k]) / 16;
      }
    }
  }
}

/**
 * [lines, length, 3] to [2*length, lines, 3]: zeros between the pixels, smoothed, doubled. A mirror
 * about the outermost of the new pixels: the first is an old one, the last a zero.
 */
function enlargeLines(from: Float32Array, lines: number, length: number, to: Float32Array): void {
  for (let i = 0; i < length; i++) {
    const before = 3 * (i === 0 ? Math.min(1, length - 1) : i - 1);
    const here = 3 * i;
    const after = 3 * Math.min(i + 1, length - 1);
    for (let line = 0; line < lines; line++) {
      const at = 3 * line * length;
      const even = 3 * (2 * i * lines + line);
      const odd = even + 3 * lines;
      for (let k = 0; k < 3; k++) {
        const middle = from[at + here + k];
        const next = from[at + after + k];
        to[even + k] = (from[at + before + k] + 6 * middle + next) / 8;
        to[odd + k] = (middle + next) / 2;
      }
    }
  }
}
