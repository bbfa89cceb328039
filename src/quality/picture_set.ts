/**
 * Pictures to be judged: many of one size, eight-bit, as files hold them.
 *
 * @module
 */

import { UserError } from "../errors.ts";

/** Square pictures, pixel by pixel: `data` is [count, size, size, 3]. */
export interface PictureSet {
  /** Pictures. */
  readonly count: number;
  /** Pixels a side. */
  readonly size: number;
  /** Red, green and blue, 0 to 255. */
  readonly data: Uint8Array;
}

/** Picture `index` of a set, without copying it. */
export function pictureAt({ size, data }: PictureSet, index: number): Uint8Array {
  const length = 3 * size * size;
  return data.subarray(index * length, (index + 1) * length);
}

/**
 * Checks that two sets can be compared.
 *
 * @throws {UserError} If their pictures differ in size, or a set has fewer than `least`.
 */
export function checkComparable(a: PictureSet, b: PictureSet, least: number): void {
  if (a.size !== b.size) {
    throw new UserError(
      `pictures of ${a.size} and of ${b.size} pixels a side cannot be compared`,
    );
  }
  const fewer = Math.min(a.count, b.count);
  if (fewer < least) {
    throw new UserError(`at least ${least} pictures are needed to compare, there are ${fewer}`);
  }
}
