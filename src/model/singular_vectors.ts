/**
 * The singular vectors that a training with spectral normalisation begins with.
 *
 * @module
 */

import type { Tensor } from "../format/safetensors.ts";
import { fillNormal, Purpose } from "../random.ts";

/** Iterations before the first step, as many as PyTorch makes. */
const ITERATIONS = 15;

/** Unit vectors of a matrix's largest singular value. */
export interface Vectors {
  /** One element a row: PyTorch's u. */
  readonly left: Float64Array;
  /** One element a column: PyTorch's v. */
  readonly right: Float64Array;
}

/** Those of the matrix of a tensor's first axis and all others, by power iteration from dice. */
export function singularVectors({ shape, data }: Tensor, seed: number, counter: number): Vectors {
  const [rows] = shape;
  const columns = data.length / rows;
  const left = new Float64Array(rows);
  const right = new Float64Array(columns);
  const dice = new Float32Array(columns);
  fillNormal(dice, seed, Purpose.Weights, counter);
  right.set(dice);
  for (let i = 0; i < ITERATIONS; i++) {
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let k = 0, at = row * columns; k < columns; k++, at++) sum += data[at] * right[k];
      left[row] = sum;
    }
    makeUnit(left);
    right.fill(0);
    for (let row = 0; row < rows; row++) {
      const u = left[row];
      for (let k = 0, at = row * columns; k < columns; k++, at++) right[k] += data[at] * u;
    }
    makeUnit(right);
  }
  return { left, right };
}

function makeUnit(vector: Float64Array): void {
  const norm = Math.max(Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)), 1e-12);
  vector.forEach((x, i) => vector[i] = x / norm);
}
