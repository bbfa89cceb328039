/**
 * Adam (Kingma and Ba, 2015) as PyTorch computes it, and the moving average of weights, in float64.
 *
 * @module
 */

/** A trained array with its gradient and Adam's two moments, all of one length. */
export interface Parameter {
  /** The weights. */
  readonly value: Float64Array;
  /** Their gradient, summed over backward passes until it is cleared. */
  readonly gradient: Float64Array;
  /** Adam's first moment. */
  readonly m: Float64Array;
  /** Adam's second moment. */
  readonly v: Float64Array;
}

/** Adam's settings. */
export interface AdamOptions {
  /** Learning rate. */
  readonly lr: number;
  /** Decay of the first moment. */
  readonly beta1: number;
  /** Decay of the second moment. */
  readonly beta2: number;
}

/** Keeps the quotient finite where the second moment vanishes. */
export const ADAM_EPSILON = 1e-8;

/** A parameter of `length` zeros that has not been trained yet. */
export function createParameter(length: number): Parameter {
  return {
    value: new Float64Array(length),
    gradient: new Float64Array(length),
    m: new Float64Array(length),
    v: new Float64Array(length),
  };
}

/** One update in place; `t` counts updates from 1, for the correction of the moments' bias. */
export function adamUpdate(
  { value, gradient, m, v }: Parameter,
  t: number,
  { lr, beta1, beta2 }: AdamOptions,
): void {
  for (let i = 0; i < value.length; i++) {
    m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
    v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] ** 2;
    const mean = m[i] / (1 - beta1 ** t);
    const scale = Math.sqrt(v[i] / (1 - beta2 ** t)) + ADAM_EPSILON;
    value[i] -= lr * mean / scale;
  }
}

/** Moves `average`, in place, towards `value`: what it was counts `decay`. */
export function updateAverage(
  average: Float64Array,
  value: ArrayLike<number>,
  decay: number,
): void {
  for (let i = 0; i < average.length; i++) {
    average[i] = decay * average[i] + (1 - decay) * value[i];
  }
}
