/**
 * What stands between pictures and the discriminator in a step, where the settings ask for something.
 *
 * @module
 */

import { makeBuffer, type Slice, sliceOf } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Program } from "../gpu/program.ts";
import { IMAGE_CHANNELS } from "../model/layers.ts";
import {
  type DiffAugmentSpec,
  recordDiffAugment,
  recordDiffAugmentBackward,
} from "../ops/diff_augment.ts";
import type { StepUniform } from "../ops/step_uniform.ts";
import { diffAugmentsIn, type TrainSettings } from "./settings.ts";

/** Augments the pictures of a step, which it knows by their numbers in it, and takes gradients back. */
export class Augmentation {
  readonly #spec: Omit<DiffAugmentSpec, "batch" | "first">;
  readonly #step: StepUniform;
  readonly #seen: Slice;
  readonly #dImages: Slice;

  private constructor(
    gpu: Gpu,
    spec: Omit<DiffAugmentSpec, "batch" | "first">,
    step: StepUniform,
    batch: number,
  ) {
    this.#spec = spec;
    this.#step = step;
    this.#seen = makeBuffer(gpu, "augmented pictures", 2 * batch * this.#floats);
    this.#dImages = makeBuffer(gpu, "gradients before augmentation", batch * this.#floats);
  }

  /** Makes buffers for a batch of photos and one of generated pictures; undefined if there is nothing to do. */
  static of(gpu: Gpu, settings: TrainSettings, step: StepUniform): Augmentation | undefined {
    const { batch, size, channels, instanceNoise: noise } = settings;
    const policy = diffAugmentsIn(settings.diffAugment);
    if (policy.length === 0 && noise === 0) return undefined;
    return new Augmentation(gpu, { size, channels, policy, noise }, step, batch);
  }

  get #floats(): number {
    return this.#spec.size ** 2 * IMAGE_CHANNELS;
  }

  /** Records augmenting `batch` pictures, number `first` and on; returns where they then are. */
  recordForward(program: Program, pictures: Slice, batch: number, first: number): Slice {
    const seen = sliceOf(this.#seen, 0, batch * this.#floats);
    recordDiffAugment(program, { ...this.#spec, batch, first }, this.#step, pictures, seen);
    return seen;
  }

  /** Records the gradient of the pictures as they were; returns where it is. */
  recordBackward(program: Program, dSeen: Slice, batch: number, first: number): Slice {
    const spec = { ...this.#spec, batch, first };
    recordDiffAugmentBackward(program, spec, this.#step, dSeen, this.#dImages);
    return this.#dImages;
  }

  /** Frees the buffers. */
  destroy(): void {
    for (const { buffer } of [this.#seen, this.#dImages]) buffer.destroy();
  }
}
