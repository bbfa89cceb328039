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

import { checkFeatures, type Features, products } from "./features.ts";

/**
 * The distance.
 *
 * @throws {UserError} If features differ in length, or there are fewer than two of a set.
 */
export function kernelDistance(a: Features, b: Features): number {
  checkFeatures(a, b);
  return within(a) + within(b) - 2 * kernelMean(a, b, false);
}

function within(set: Features): number {
  return kernelMean(set, set, true);
}

/** The kernel's mean over pairs; `distinct` leaves out those of a picture with itself. */
function kernelMean(a: Features, b: Features, distinct: boolean): number {
  let sum = 0;
  products(a, b).forEach((row, i) => {
    row.forEach((product, j) => {
      if (!distinct || i !== j) sum += (product / a.length + 1) ** 3;
    });
  });
  return sum / (a.count * (b.count - (distinct ? 1 : 0)));
}
