/**
 * Batch normalisation with the activation after it, in float64. An NHWC batch is a matrix of
 * M = batch * height * width rows and one column per channel; each column is normalised by its mean
 * and its biased variance, then scaled by gamma and shifted by beta.
 *
 * @module
 */

import { activate, type Activation, activationGradient } from "./activation.ts";

/** Added to the variance. */
export const NORM_EPSILON = 1e-5;

/** How far the running statistics move towards a batch's. */
export const NORM_MOMENTUM = 0.1;

/** A mean and a variance per channel: a batch's own (biased) or the running ones. */
export interface Statistics {
  /** Mean of each channel. */
  readonly mean: Float64Array;
  /** Variance of each channel. */
  readonly variance: Float64Array;
}

/** What the layer learns, per channel. */
export interface NormWeights {
  /** Scale. */
  readonly gamma: ArrayLike<number>;
  /** Shift. */
  readonly beta: ArrayLike<number>;
}

/** The gradients of a normalisation in training mode. */
export interface NormGradients {
  /** Gradient of the input, [rows, channels]. */
  readonly dx: Float64Array;
  /** Gradient of the scale, [channels]. */
  readonly dgamma: Float64Array;
  /** Gradient of the shift, [channels]. */
  readonly dbeta: Float64Array;
}

/** Mean and biased variance of each column of `x` [rows, channels]; two passes, so no cancellation. */
export function batchStatistics(x: ArrayLike<number>, channels: number): Statistics {
  const rows = x.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) mean[i % channels] += x[i] / rows;
  for (let i = 0; i < x.length; i++) {
    variance[i % channels] += (x[i] - mean[i % channels]) ** 2 / rows;
  }
  return { mean, variance };
}

/** Moves the running statistics, in place, towards a batch's; their variance is the unbiased one. */
export function updateRunning(running: Statistics, batch: Statistics, rows: number): void {
  for (let c = 0; c < batch.mean.length; c++) {
    const unbiased = batch.variance[c] * rows / (rows - 1);
    running.mean[c] += NORM_MOMENTUM * (batch.mean[c] - running.mean[c]);
    running.variance[c] += NORM_MOMENTUM * (unbiased - running.variance[c]);
  }
}

/**
 * Normalises `x` [rows, channels] and applies the activation. With the batch's own statistics this
 * is the training mode, with the running ones the evaluation mode.
 */
export function normActivate(
  x: ArrayLike<number>,
  { mean, variance }: Statistics,
  { gamma, beta }: NormWeights,
  activation: Activation,
): Float64Array {
  const channels = mean.length;
  const normalised = Float64Array.from(x, (value, i) => {
    const c = i % channels;
    return gamma[c] * (value - mean[c]) / Math.sqrt(variance[c] + NORM_EPSILON) + beta[c];
  });
  return activate(normalised, activation);
}

/**
 * The gradients of {@linkcode normActivate} in training mode, where the statistics depend on `x`,
 * from the gradient `dy` of its output `y`.
 */
export function normBackward(
  dy: ArrayLike<number>,
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  { mean, variance }: Statistics,
  { gamma }: NormWeights,
  activation: Activation,
): NormGradients {
  const channels = mean.length;
  const rows = x.length / channels;
  const dAffine = activationGradient(dy, y, activation);
  const inverse = variance.map((value) => 1 / Math.sqrt(value + NORM_EPSILON));
  const xhat = Float64Array.from(x, (value, i) => {
    const c = i % channels;
    return (value - mean[c]) * inverse[c];
  });
  const dgamma = new Float64Array(channels);
  const dbeta = new Float64Array(channels);
  for (let i = 0; i < x.length; i++) {
    dgamma[i % channels] += dAffine[i] * xhat[i];
    dbeta[i % channels] += dAffine[i];
  }
  const dx = dAffine.map((value, i) => {
    const c = i % channels;
    return gamma[c] * inverse[c] * (value - dbeta[c] / rows - xhat[i] * dgamma[c] / rows);
  });
  return { dx, dgamma, dbeta };
}
