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

/** The features of each picture, without copying them. */
export function rowsOf({ count, length, data }: Features): Float32Array[] {
  return Array.from({ length: count }, (_, i) => data.subarray(i * length, (i + 1) * length));
}
