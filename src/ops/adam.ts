/**
 * The optimiser: one dispatch for all of a network's parameters, another for the moving average.
 *
 * @module
 */

import adamSource from "../../shaders/adam.wgsl" with { type: "text" };
import emaSource from "../../shaders/ema.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import type { StepUniform } from "./step_uniform.ts";

/** The four flat buffers Adam works on, all of one layout and length. */
export interface AdamBuffers {
  /** Gradients, read. */
  readonly gradients: Slice;
  /** Parameters, updated. */
  readonly parameters: Slice;
  /** First moments, updated. */
  readonly moment1: Slice;
  /** Second moments, updated. */
  readonly moment2: Slice;
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

/** Records one Adam update of `count` parameters. */
export function recordAdam(
  program: Program,
  step: StepUniform,
  buffers: AdamBuffers,
  count: number,
  { beta1, beta2, rate = 1, gradientScale = 1 }: AdamConstants,
): void {
  const kernel = makeKernel(program.gpu, "adam", adamSource, {
    COUNT: count,
    BETA1: beta1,
    BETA2: beta2,
    SCALE: gradientScale,
    RATE: rate,
  });
  const { gradients, parameters, moment1, moment2 } = buffers;
  program.dispatch(
    kernel,
    [step.slice, gradients, parameters, moment1, moment2],
    linearGrid(count / 4, 64),
    { bytes: 28 * count, flops: 12 * count },
  );
}

/** Parameters and running statistics of a network, or of its moving average. */
export interface Weights {
  /** All parameters, flat. */
  readonly parameters: Slice;
  /** All running statistics, flat. */
  readonly running: Slice;
}

/** Records one step of the moving average, with the decay of the step's uniform. */
export function recordEma(
  program: Program,
  step: StepUniform,
  from: Weights,
  to: Weights,
): void {
  const [parameters, running] = [from.parameters.size / 4, from.running.size / 4];
  const kernel = makeKernel(program.gpu, "ema", emaSource, {
    PARAMETERS: parameters,
    RUNNING: running,
  });
  program.dispatch(
    kernel,
    [step.slice, from.parameters, from.running, to.parameters, to.running],
    linearGrid((parameters + running) / 4, 64),
    { bytes: 12 * (parameters + running) },
  );
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
