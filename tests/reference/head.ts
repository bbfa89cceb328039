/**
 * The discriminator's last layer in float64: one score per picture, the product of its features
 * with one weight vector, plus a bias.
 *
 * @module
 */

/** The gradients of the head. */
export interface HeadGradients {
  /** Gradient of the features, [batch, features]. */
  readonly dx: Float64Array;
  /** Gradient of the weights, [features]. */
  readonly dw: Float64Array;
  /** Gradient of the bias. */
  readonly db: number;
}

/** The scores [batch] of features [batch, weights.length]. */
export function headForward(
  x: ArrayLike<number>,
  weights: ArrayLike<number>,
  bias: number,
  batch: number,
): Float64Array {
  const features = weights.length;
  const scores = new Float64Array(batch).fill(bias);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < features; i++) scores[b] += x[b * features + i] * weights[i];
  }
  return scores;
}

/** The gradients from `dScores` [batch], the gradient of the scores. */
export function headBackward(
  dScores: ArrayLike<number>,
  x: ArrayLike<number>,
  weights: ArrayLike<number>,
): HeadGradients {
  const features = weights.length;
  const batch = dScores.length;
  const dx = new Float64Array(batch * features);
  const dw = new Float64Array(features);
  let db = 0;
  for (let b = 0; b < batch; b++) {
    db += dScores[b];
    for (let i = 0; i < features; i++) {
      dx[b * features + i] = dScores[b] * weights[i];
      dw[i] += dScores[b] * x[b * features + i];
    }
  }
  return { dx, dw, db };
}
