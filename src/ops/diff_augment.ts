/**
 * Differentiable augmentation: what the discriminator sees of photos and of generated pictures alike is
 * shifted, coloured and cut out at random, and the generator's gradient goes back through it. With a few
 * hundred photos the discriminator can then not learn them by heart, and the generator does not learn to
 * draw shifted or cut pictures, as it would if photos alone were augmented.
 *
 * Zhao, Liu, Lin, Zhu and Han, "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS
 * 2020, section 3.2; policies and ranges are theirs. Instance noise: Sønderby, Caballero, Theis, Shi and
 * Huszár, "Amortised MAP Inference for Image Super-resolution", ICLR 2017, section 3.3.
 *
 * @module
 */

import backwardSource from "../../shaders/diff_augment_backward.wgsl" with { type: "text" };
import fateSource from "../../shaders/diff_augment_dice.wgsl" with { type: "text" };
import forwardSource from "../../shaders/diff_augment.wgsl" with { type: "text" };
import diceSource from "../../shaders/dice.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import type { Program } from "../gpu/program.ts";
import type { Constants } from "../gpu/template.ts";
import { Purpose } from "../random.ts";
import type { StepUniform } from "./step_uniform.ts";

/** What can be done to pictures, in the order in which it is done. */
export const DIFF_AUGMENTS = ["colour", "translation", "cutout"] as const;

/** One of {@linkcode DIFF_AUGMENTS}. */
export type DiffAugment = typeof DIFF_AUGMENTS[number];

/** Pictures [batch, size, size, 4] and what is done to them. */
export interface DiffAugmentSpec {
  /** Pictures. */
  readonly batch: number;
  /** Rows and columns of a picture, a multiple of 8. */
  readonly size: number;
  /** Channels that are not padding. */
  readonly channels: 1 | 3;
  /** What is done. */
  readonly policy: readonly DiffAugment[];
  /** Standard deviation of the noise that is added last, colours being in [-1, 1]; 0 adds none. */
  readonly noise: number;
  /** The number of the first picture: pictures of one step with different numbers fare differently. */
  readonly first: number;
}

/** Farthest shift: an eighth of the picture. */
export function largestShift(size: number): number {
  return size / 8;
}

/** Rows and columns of the hole: half of the picture's. */
export function holeSize(size: number): number {
  return size / 2;
}

/** Records `augmented` = the pictures as the step's dice change them. */
export function recordDiffAugment(
  program: Program,
  spec: DiffAugmentSpec,
  step: StepUniform,
  pictures: Slice,
  augmented: Slice,
): void {
  record(program, "augmentation", forwardSource, spec, [step.slice, pictures, augmented]);
}

/** Records `dPictures` from the gradient of what {@linkcode recordDiffAugment} made of them in this step. */
export function recordDiffAugmentBackward(
  program: Program,
  spec: DiffAugmentSpec,
  step: StepUniform,
  dAugmented: Slice,
  dPictures: Slice,
): void {
  record(program, "augmentation backward", backwardSource, spec, [
    step.slice,
    dAugmented,
    dPictures,
  ]);
}

function record(
  program: Program,
  label: string,
  source: string,
  spec: DiffAugmentSpec,
  bindings: Slice[],
): void {
  const text = diceSource + fateSource + source;
  const kernel = makeKernel(program.gpu, label, text, constantsOf(spec));
  const reads = spec.policy.includes("colour") ? 2 : 1; // once more for the mean
  program.dispatch(kernel, bindings, [spec.batch, 1, 1], {
    bytes: (reads + 1) * 16 * spec.batch * spec.size ** 2,
  });
}

function constantsOf({ size, channels, policy, noise, first }: DiffAugmentSpec): Constants {
  return {
    SIZE: size,
    CHANNELS: channels,
    COLOUR: policy.includes("colour"),
    TRANSLATION: policy.includes("translation"),
    CUTOUT: policy.includes("cutout"),
    SHIFT: largestShift(size),
    HOLE: holeSize(size),
    NOISE: noise,
    FIRST: first,
    PURPOSE: Purpose.DiffAugment,
    NOISE_PURPOSE: Purpose.InstanceNoise,
  };
}
