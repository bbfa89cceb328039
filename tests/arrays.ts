/** Arrays of numbers for tests, and how far apart two are: for pages too, which know no `node:assert`. */

import { fillNormal, Purpose } from "../src/random.ts";

/** `length` standard normal numbers; the same `key`, the same numbers. */
export function randomArray(length: number, key: number): Float64Array {
  return fillNormal(new Float64Array(length), 1, Purpose.Samples, key);
}

/** The sum of a[i] * b[i]: turns an array into a loss whose gradient is `b`. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The largest |actual - expected|, as a share of the largest |expected|; NaN counts as infinite. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  demandEqualLengths(actual, expected);
  let worst = 0;
  let scale = Number.MIN_VALUE;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    if (!(error <= worst)) worst = Number.isNaN(error) ? Infinity : error;
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return worst / scale;
}

/** The length of `actual - expected`, as a share of the length of `expected`. */
export function relativeL2(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  demandEqualLengths(actual, expected);
  const difference = Float64Array.from(expected, (value, i) => actual[i] - value);
  return Math.sqrt(dot(difference, difference) / dot(expected, expected));
}

function demandEqualLengths({ length }: ArrayLike<number>, expected: ArrayLike<number>): void {
  if (length !== expected.length) {
    throw new Error(`the lengths differ: ${length} and ${expected.length}`);
  }
}
