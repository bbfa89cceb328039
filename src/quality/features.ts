/**
 * Distances between sets of features: what a network that knows pictures says of each picture.
 *
 * @module
 */

import { UserError } from "../errors.ts";

/** Features [count, length]. */
export interface Features {
  /** Pictures. */
  readonly count: number;
  /** Numbers that stand for a picture. */
  readonly length: number;
  /** The numbers, picture by picture. */
  readonly data: Float32Array;
}

/**
 * Checks that two sets can be compared.
 *
 * @throws {UserError} If their features differ in length, or a set has fewer than two pictures.
 */
export function checkFeatures(a: Features, b: Features): void {
  if (a.length !== b.length) {
    throw new UserError(`features of ${a.length} and of ${b.length} numbers cannot be compared`);
  }
  const fewer = Math.min(a.count, b.count);
  if (fewer < 2) {
    throw new UserError(`at least 2 pictures are needed to compare, there is ${fewer}`);
  }
}

/** The products of each of `a`'s pictures with each of `b`'s: rows of [a.count][b.count]. */
export function products(a: Features, b: Features): Float64Array[] {
  const row = ({ data, length }: Features, i: number) =>
    data.subarray(i * length, (i + 1) * length);
  const columns = Array.from({ length: b.count }, (_, j) => row(b, j));
  return Array.from({ length: a.count }, (_, i) => {
    const x = row(a, i);
    return Float64Array.from(columns, (y) => {
      let sum = 0;
      for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
      return sum;
    });
  });
}
