/**
 * Kernel Inception distance: the squared maximum mean discrepancy between two sets of features with
 * the kernel (x·y / length + 1)³ (Bińkowski, Sutherland, Arbel and Gretton, "Demystifying MMD GANs",
 * ICLR 2018, section 4).
 *
 * Its estimate is unbiased: on few pictures it is uncertain, but not systematically too large, as the
 * Fréchet distance is. Between two samples of one distribution it is zero on average, so it may come
 * out below zero.
 *
 * @module
 */

import { dot } from "./dot.ts";
import { checkFeatures, type Features, rowsOf } from "./features.ts";

/**
 * The distance.
 *
 * @throws {UserError} If features differ in length, or there are fewer than two of a set.
 */
export function kernelDistance(a: Features, b: Features): number {
  checkFeatures(a, b);
  const [x, y] = [rowsOf(a), rowsOf(b)];
  const kernel = (one: Float32Array, other: Float32Array) => (dot(one, other) / a.length + 1) ** 3;
  const between = x.reduce((sum, one) => y.reduce((s, other) => s + kernel(one, other), sum), 0);
  return meanOfPairs(x, kernel) + meanOfPairs(y, kernel) - 2 * between / (x.length * y.length);
}

/** The kernel's mean over pairs of different pictures: with themselves they would be too alike. */
function meanOfPairs(
  rows: readonly Float32Array[],
  kernel: (one: Float32Array, other: Float32Array) => number,
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) sum += kernel(rows[i], rows[j]);
  }
  return 2 * sum / (rows.length * (rows.length - 1));
}
