/** Numbers for tests: random arrays, errors, finite differences. */

import assert from "node:assert/strict";
import type { Tensor } from "../src/format/safetensors.ts";
import { relativeError } from "./arrays.ts";

export { dot, randomArray, relativeError, relativeL2 } from "./arrays.ts";

/** Fails unless `actual` is within `tolerance` of `expected`, as {@linkcode relativeError} counts. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  const error = relativeError(actual, expected);
  assert.ok(error <= tolerance, `${what}: relative error ${error}, allowed ${tolerance}`);
}

/**
 * Fails unless two sets of tensors have the same names, in one order, and the same bits; says which
 * tensor differs first, in how many elements and by how much.
 */
export function assertSameTensors(
  actual: ReadonlyMap<string, Pick<Tensor, "data">>,
  expected: ReadonlyMap<string, Pick<Tensor, "data">>,
): void {
  assert.deepEqual([...actual.keys()], [...expected.keys()]);
  for (const [name, { data }] of expected) assertSameNumbers(actual.get(name)!.data, data, name);
}

/**
 * Fails unless two arrays hold the same bits. A line for the first difference, their count and the
 * largest: `assert.deepEqual` would take minutes to print two large arrays side by side.
 */
export function assertSameNumbers<T extends Uint8Array | Float32Array>(
  actual: T,
  expected: T,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: the lengths differ`);
  let [count, first, largest] = [0, -1, 0];
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue; // of NaNs all are one: a run has none to keep
    if (count++ === 0) first = i;
    const difference = Math.abs(actual[i] - expected[i]);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  assert.ok(
    count === 0,
    `${what}: ${count} of ${expected.length} differ, by up to ${largest}; ` +
      `first at ${first}: ${actual[first]} for ${expected[first]}`,
  );
}

/**
 * Fails unless `gradient` is the slope of `loss` along every element of `x`, by central differences;
 * of a long `x` some sixty elements are tried.
 */
export function assertGradient(
  loss: (x: Float64Array) => number,
  x: Float64Array,
  gradient: ArrayLike<number>,
  what: string,
): void {
  assert.equal(gradient.length, x.length, `${what}: the gradient's length`);
  const stride = Math.max(1, Math.floor(x.length / 60));
  const h = 1e-5;
  const slopes: number[] = [];
  const claimed: number[] = [];
  for (let i = 0; i < x.length; i += stride) {
    const shifted = Float64Array.from(x);
    shifted[i] = x[i] + h;
    const above = loss(shifted);
    shifted[i] = x[i] - h;
    slopes.push((above - loss(shifted)) / (2 * h));
    claimed.push(gradient[i]);
  }
  assert.ok(slopes.some((slope) => slope !== 0), `${what}: the loss does not depend on it`);
  assertClose(claimed, slopes, 1e-7, what);
}
