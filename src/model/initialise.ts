/**
 * Initial weights: a function of the seed, the network and the tensor's place in it.
 *
 * @module
 */

import type { Tensor } from "../format/safetensors.ts";
import { fillNormal, hash4, Purpose, toUnit } from "../random.ts";
import { elements, type ParameterTable } from "./parameters.ts";
import { singularVectors, type Vectors } from "./singular_vectors.ts";

/** The initial state dictionary of a network; `network` tells generator and discriminator apart. */
export function initialTensors(
  table: ParameterTable,
  seed: number,
  network: number,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const found = new Map<string, Vectors>();
  table.tensors.forEach(({ name, shape, initial }, index) => {
    const data = new Float32Array(elements(shape));
    const counter = network * 256 + index;
    if (initial.kind === "constant") {
      data.fill(initial.value);
    } else if (initial.kind === "singular") {
      const { matrix, side } = initial; // which stands before its vectors
      const vectors = found.get(matrix) ?? singularVectors(tensors.get(matrix)!, seed, counter);
      found.set(matrix, vectors);
      data.set(vectors[side]);
    } else if (initial.kind === "normal") {
      fillNormal(data, seed, Purpose.Weights, counter);
      data.forEach((x, i) => data[i] = initial.mean + initial.deviation * x);
    } else {
      for (let i = 0; i < data.length; i++) {
        const word = hash4(seed, Purpose.Weights, counter, i >>> 2)[i & 3];
        data[i] = initial.bound * (2 * toUnit(word) - 1);
      }
    }
    tensors.set(name, { shape, data });
  });
  return tensors;
}
