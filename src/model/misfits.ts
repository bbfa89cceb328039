/**
 * Whether a state dictionary is one of a network's: names, shapes, numbers.
 *
 * @module
 */

import type { Tensor } from "../format/safetensors.ts";
import type { TensorSpec } from "./parameters.ts";

/** A shape as messages write it. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/**
 * What does not fit, a phrase a tensor, in the network's order; `prefix` stands before the names.
 * Tensors that the network does not have are the caller's to look for.
 */
export function misfits(
  expected: readonly TensorSpec[],
  tensors: ReadonlyMap<string, Tensor>,
  prefix = "",
): string[] {
  return expected.flatMap(({ name, shape }) => {
    const full = prefix + name;
    const tensor = tensors.get(full);
    if (!tensor) return [`tensor ${full} is missing`];
    if (tensor.shape.join() !== shape.join()) {
      return [`tensor ${full} is ${shapeText(tensor.shape)}, expected ${shapeText(shape)}`];
    }
    return allFinite(tensor.data) ? [] : [`tensor ${full} holds what is no number`];
  });
}

function allFinite(numbers: Float32Array): boolean {
  let sum = 0;
  for (const x of numbers) sum += 0 * x; // what is not finite times zero is NaN
  return sum === 0;
}
