/**
 * Both losses in float64: from a batch's scores the loss, the mean score and the scores' gradient.
 *
 * @module
 */

/** What a loss makes of a batch's scores. */
export interface LossResult {
  /** Mean loss over the batch. */
  readonly loss: number;
  /** Mean score as people read it: as it is, or through the sigmoid with cross-entropy. */
  readonly score: number;
  /** Gradient of the mean loss with respect to each score. */
  readonly dScores: Float64Array;
}

/** Least squares: half the mean squared distance of the scores from `label`. */
export function leastSquares(scores: ArrayLike<number>, label: number): LossResult {
  const batch = scores.length;
  let loss = 0;
  let score = 0;
  const dScores = Float64Array.from(scores, (s) => {
    loss += 0.5 * (s - label) ** 2 / batch;
    score += s / batch;
    return (s - label) / batch;
  });
  return { loss, score, dScores };
}

/** Cross-entropy of the scores as logits against `label`, in the form that never overflows. */
export function crossEntropy(scores: ArrayLike<number>, label: number): LossResult {
  const batch = scores.length;
  let loss = 0;
  let score = 0;
  const dScores = Float64Array.from(scores, (s) => {
    const tail = Math.exp(-Math.abs(s)); // at most 1
    const sigmoid = (s >= 0 ? 1 : tail) / (1 + tail);
    const complement = (s >= 0 ? tail : 1) / (1 + tail); // 1 - sigmoid, without cancellation
    loss += (Math.max(s, 0) - label * s + Math.log1p(tail)) / batch;
    score += sigmoid / batch;
    return ((1 - label) * sigmoid - label * complement) / batch;
  });
  return { loss, score, dScores };
}
