/**
 * A loss over a batch in float64: the mean loss, the mean score and the scores' gradient.
 *
 * @module
 */

import { LOSSES, type LossName, type LossRole } from "../../src/ops/loss_table.ts";

/** What a loss makes of a batch's scores. */
export interface LossResult {
  /** Mean loss over the batch. */
  readonly loss: number;
  /** Mean score as people read it: as it is, or through the sigmoid with cross-entropy. */
  readonly score: number;
  /** Gradient of the mean loss with respect to each score. */
  readonly dScores: Float64Array;
}

/** A loss of a batch's scores against `label`. */
export function lossOf(
  name: LossName,
  scores: ArrayLike<number>,
  label: number,
  role: LossRole = "discriminator",
): LossResult {
  const batch = scores.length;
  const elements = Array.from(scores, (score) => LOSSES[name].reference(score, label, role));
  const mean = (key: "loss" | "score") => elements.reduce((sum, e) => sum + e[key] / batch, 0);
  return {
    loss: mean("loss"),
    score: mean("score"),
    dScores: Float64Array.from(elements, ({ gradient }) => gradient / batch),
  };
}
