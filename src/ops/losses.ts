/**
 * The losses: scores in; loss, mean score and gradient out, in one pass.
 *
 * @module
 */

import lossSource from "../../shaders/loss.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import type { Program } from "../gpu/program.ts";
import { LOSSES, type LossName, type LossRole } from "./loss_table.ts";
import type { StepUniform } from "./step_uniform.ts";

/** Where a step's numbers stand in its eight floats of the metrics ring. */
export const MetricAt = {
  lossReal: 0,
  lossFake: 1,
  errG: 2,
  D_x: 3,
  D_G_z1: 4,
  D_G_z2: 5,
} as const;

/**
 * Gradients of a well-trained network lie below what half precision resolves (6e-5 and less), so
 * with it they are carried this many times too large, up to Adam, which divides them again: a power
 * of two, so that in f32 it changes no bit (Micikevicius et al., "Mixed Precision Training", ICLR
 * 2018, section 3.2).
 */
export const LOSS_SCALE = 1024;

/** What a loss kernel does with the scores of a batch. */
export interface LossSpec {
  /** Which loss. */
  readonly loss: LossName;
  /** Whose. */
  readonly role: LossRole;
  /** Scores it is about. */
  readonly batch: number;
  /** The number of the first of them; default 0. */
  readonly first?: number;
  /** The value the scores are pulled towards. */
  readonly label: number;
  /** What the gradient is multiplied by, so that half precision can hold it; default 1. */
  readonly scale?: number;
  /** Where the loss goes in the step's metrics. */
  readonly lossAt: number;
  /** Where the mean score goes. */
  readonly scoreAt: number;
}

/**
 * Records the loss of `batch` of the scores: their gradients to the same places of `dScores`, loss and
 * mean score to `metrics`.
 */
export function recordLoss(
  program: Program,
  spec: LossSpec,
  step: StepUniform,
  scores: Slice,
  dScores: Slice,
  metrics: Slice,
): void {
  const { title, wgsl } = LOSSES[spec.loss];
  const kernel = makeKernel(program.gpu, title, wgsl + lossSource, {
    ROLE: spec.role,
    BATCH: spec.batch,
    FIRST: spec.first ?? 0,
    LABEL: spec.label,
    SCALE: spec.scale ?? 1,
    LOSS_AT: spec.lossAt,
    SCORE_AT: spec.scoreAt,
  });
  program.dispatch(kernel, [step.slice, scores, dScores, metrics], [1, 1, 1], {
    bytes: 8 * spec.batch,
  });
}
