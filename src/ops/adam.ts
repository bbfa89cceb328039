/**
 * The optimiser: one dispatch for all of a network's parameters and their moving average.
 *
 * @module
 */

import adamSource from "../../shaders/adam.wgsl" with { type: "text" };
import emaSource from "../../shaders/ema.wgsl" with { type: "text" };
import { bindablePieces, type Slice, sliceOf } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import type { StepUniform } from "./step_uniform.ts";

/** The flat buffers Adam works on, all of one layout and length. */
export interface AdamBuffers {
  /** Gradients, read. */
  readonly gradients: Slice;
  /** Parameters, updated. */
  readonly parameters: Slice;
  /** First moments, updated. */
  readonly moment1: Slice;
  /** Second moments, updated. */
  readonly moment2: Slice;
  /** The parameters' moving average, updated; if one is kept. */
  readonly average?: Slice | undefined;
}

/** What an update computes with, beside the step's uniform. */
export interface AdamConstants {
  /** Decay of the first moment. */
  readonly beta1: number;
  /** Decay of the second moment. */
  readonly beta2: number;
  /** The learning rate as a multiple of the uniform's; default 1. */
  readonly rate?: number;
  /** How many times too large the gradients are; default 1. */
  readonly gradientScale?: number;
}

/**
 * Records one Adam update of all parameters, and a step of their moving average if there is one; in
 * pieces where the adapter binds no buffer as long as theirs.
 */
export function recordAdam(
  program: Program,
  step: StepUniform,
  { gradients, parameters, moment1, moment2, average }: AdamBuffers,
  { beta1, beta2, rate = 1, gradientScale = 1 }: AdamConstants,
): void {
  const kernel = makeKernel(program.gpu, "adam", adamSource, {
    BETA1: beta1,
    BETA2: beta2,
    SCALE: gradientScale,
    RATE: rate,
    AVERAGED: average !== undefined,
  });
  const flat = [gradients, parameters, moment1, moment2, ...(average ? [average] : [])];
  for (const { at, floats } of bindablePieces(program.gpu, parameters.size / 4)) {
    program.dispatch(
      kernel,
      [step.slice, ...flat.map((whole) => sliceOf(whole, at, floats))],
      linearGrid(floats / 4, 64),
      { bytes: (average ? 36 : 28) * floats, flops: 12 * floats },
    );
  }
}

/** Records one step of the moving average `mean` of `now`, with the decay of the step's uniform. */
export function recordEma(program: Program, step: StepUniform, now: Slice, mean: Slice): void {
  const kernel = makeKernel(program.gpu, "ema", emaSource);
  for (const { at, floats } of bindablePieces(program.gpu, mean.size / 4)) {
    program.dispatch(
      kernel,
      [step.slice, sliceOf(now, at, floats), sliceOf(mean, at, floats)],
      linearGrid(floats / 4, 64),
      { bytes: 12 * floats },
    );
  }
}

/** Adam's bias corrections before step `step` (from 0): PyTorch's step size and denominator factor. */
export function adamCorrections(
  step: number,
  lr: number,
  beta1: number,
  beta2: number,
): { stepSize: number; invSqrtBias2: number } {
  const t = step + 1;
  return { stepSize: lr / (1 - beta1 ** t), invSqrtBias2: 1 / Math.sqrt(1 - beta2 ** t) };
}
