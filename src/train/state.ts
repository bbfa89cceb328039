/**
 * What a trainer holds on the device: weights, Adam's moments, the recorded step and the check of its
 * numbers.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { discriminatorTensors, generatorTensors } from "../model/layers.ts";
import { NetworkState } from "../model/network_state.ts";
import { FiniteCheck } from "../ops/finite.ts";
import type { TrainSettings } from "./settings.ts";
import { AdamState, Step, type StepState } from "./step.ts";

/** All of it. */
export interface TrainerState {
  /** The weights a step works on. */
  readonly state: StepState;
  /** The recorded step. */
  readonly step: Step;
  /** Whether all weights are numbers. */
  readonly check: FiniteCheck;
}

/**
 * Makes buffers and pipelines for training with these settings.
 *
 * @throws {UserError} If the adapter makes no buffer as large, or binds none.
 */
export function makeTrainerState(gpu: Gpu, settings: TrainSettings): TrainerState {
  const generator = generatorTensors(settings);
  const discriminator = discriminatorTensors(settings);
  const state: StepState = {
    generator: new NetworkState(gpu, "generator", generator),
    discriminator: new NetworkState(gpu, "discriminator", discriminator),
    average: settings.ema > 0 ? new NetworkState(gpu, "generator average", generator) : undefined,
    adamG: new AdamState(gpu, "generator", generator.parameterCount),
    adamD: new AdamState(gpu, "discriminator", discriminator.parameterCount),
  };
  const { generator: G, discriminator: D } = state;
  const check = new FiniteCheck(gpu, [G.parameters, G.running, D.parameters, D.running]);
  return { state, step: new Step(gpu, settings, state), check };
}
