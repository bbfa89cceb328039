/**
 * Kernels without a checkerboard, by their definition: those that equal resizing by two (nearest)
 * and a 3x3 convolution.
 *
 * @module
 */

/** The 4x4 kernel of "resize, then convolve by a 3x3 kernel": a 2x2 box convolved with it. */
export function resizeKernel(small: ArrayLike<number>): Float64Array {
  const out = new Float64Array(16);
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) {
      for (const [dy, dx] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
        out[4 * (y + dy) + x + dx] += small[3 * y + x];
      }
    }
  }
  return out;
}

/** The nearest of those kernels, by an orthonormal basis of all (Gram-Schmidt). */
export function nearestResizeKernel(kernel: ArrayLike<number>): Float64Array {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
  const basis: Float64Array[] = [];
  for (let i = 0; i < 9; i++) {
    const next = resizeKernel(Array.from({ length: 9 }, (_, j) => Number(i === j)));
    for (const one of basis) {
      const share = dot(next, one);
      next.forEach((_, tap) => next[tap] -= share * one[tap]);
    }
    const length = Math.sqrt(dot(next, next));
    basis.push(next.map((value) => value / length));
  }
  const out = new Float64Array(16);
  for (const one of basis) {
    const share = dot(kernel, one);
    one.forEach((value, tap) => out[tap] += share * value);
  }
  return out;
}
