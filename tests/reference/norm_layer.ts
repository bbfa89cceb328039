/**
 * A batch normalisation layer as the reference networks hold it.
 *
 * @module
 */

import type { Activation } from "./activation.ts";
import { createParameter, type Parameter } from "./adam.ts";
import {
  batchStatistics,
  normActivate,
  normBackward,
  type Statistics,
  updateRunning,
} from "./norm.ts";

/** Learned scale and shift, running statistics, and how many batches these have seen. */
export interface NormLayer {
  /** Scale per channel. */
  readonly gamma: Parameter;
  /** Shift per channel. */
  readonly beta: Parameter;
  /** Running mean and variance. */
  readonly running: Statistics;
  /** One number: training batches seen. */
  readonly batches: Float64Array;
}

/** What the backward pass needs of a forward pass. */
export interface NormPass {
  /** Input, [rows, channels]. */
  readonly x: Float64Array;
  /** Output of the activation, [rows, channels]. */
  readonly y: Float64Array;
  /** The batch's statistics. */
  readonly statistics: Statistics;
}

/** `train` normalises by the batch's statistics and moves the running ones, `evaluate` uses those. */
export type Mode = "train" | "evaluate";

/** A layer as PyTorch makes it: scale 1, shift 0, running mean 0 and variance 1. */
export function createNormLayer(channels: number): NormLayer {
  const gamma = createParameter(channels);
  gamma.value.fill(1);
  const running = {
    mean: new Float64Array(channels),
    variance: new Float64Array(channels).fill(1),
  };
  return { gamma, beta: createParameter(channels), running, batches: new Float64Array(1) };
}

/** Normalises and activates. */
export function normForward(
  layer: NormLayer,
  x: Float64Array,
  activation: Activation,
  mode: Mode,
): NormPass {
  const weights = { gamma: layer.gamma.value, beta: layer.beta.value };
  const channels = weights.gamma.length;
  const statistics = mode === "train" ? batchStatistics(x, channels) : layer.running;
  if (mode === "train") {
    updateRunning(layer.running, statistics, x.length / channels);
    layer.batches[0]++;
  }
  return { x, y: normActivate(x, statistics, weights, activation), statistics };
}

/** Adds the gradients of scale and shift to the layer's; returns that of the input. */
export function normBackwardInto(
  layer: NormLayer,
  { x, y, statistics }: NormPass,
  dy: Float64Array,
  activation: Activation,
): Float64Array {
  const weights = { gamma: layer.gamma.value, beta: layer.beta.value };
  const { dx, dgamma, dbeta } = normBackward(dy, y, x, statistics, weights, activation);
  accumulate(layer.gamma.gradient, dgamma);
  accumulate(layer.beta.gradient, dbeta);
  return dx;
}

/** Adds `part` to `sum` in place. */
export function accumulate(sum: Float64Array, part: ArrayLike<number>): void {
  for (let i = 0; i < sum.length; i++) sum[i] += part[i];
}
