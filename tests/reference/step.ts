/**
 * One training step in float64, in the book's order. What the GPU computes is held against this.
 *
 * @module
 */

import { type AdamOptions, adamUpdate, type Parameter } from "./adam.ts";
import {
  type Discriminator,
  discriminatorBackward,
  discriminatorForward,
  discriminatorParameters,
  finishDiscriminatorGradients,
  prepareDiscriminator,
} from "./discriminator.ts";
import {
  type Generator,
  generatorBackward,
  generatorForward,
  generatorParameters,
} from "./generator.ts";
import type { Labels, LossName } from "../../src/ops/loss_table.ts";
import { lossOf } from "./losses.ts";

/** The settings of a step. */
export interface StepOptions extends AdamOptions {
  /** Which loss. */
  readonly loss: LossName;
  /** Where the scores are pulled: of photos, of fakes by D, of fakes by G. */
  readonly labels: Labels;
  /** Augmentation of what D sees, if any; `first` is the number of the first picture. */
  readonly augment?: {
    readonly forward: (pictures: Float64Array, first: number) => Float64Array;
    readonly backward: (gradient: Float64Array, first: number) => Float64Array;
  };
}

/** What a step measures. */
export interface ReferenceMetrics {
  /** D's loss: on photos plus on fakes. */
  readonly errD: number;
  /** G's loss. */
  readonly errG: number;
  /** Mean score of the photos. */
  readonly D_x: number;
  /** Mean score of the fakes before D's update. */
  readonly D_G_z1: number;
  /** Mean score of the same fakes after it. */
  readonly D_G_z2: number;
}

/**
 * Trains both networks, in place, on a batch of photos [batch, size, size, 3] and of noise [batch, nz];
 * `t` counts steps from 1.
 */
export function trainStep(
  G: Generator,
  D: Discriminator,
  photos: Float64Array,
  noise: Float64Array,
  t: number,
  options: StepOptions,
): ReferenceMetrics {
  const { loss } = options;
  const { forward: see, backward: unsee } = options.augment ?? { forward: same, backward: same };
  const batch = noise.length / G.nz;
  const { real, fake, target } = options.labels;

  // D learns to tell photos from fakes; its two gradients add up.
  clearGradients(discriminatorParameters(D));
  prepareDiscriminator(D);
  const onPhotos = discriminatorForward(D, see(photos, 0));
  const photoLoss = lossOf(loss, onPhotos.scores, real);
  discriminatorBackward(D, onPhotos, photoLoss.dScores);

  const made = generatorForward(G, noise);
  const onFakes = discriminatorForward(D, see(made.images, batch));
  const fakeLoss = lossOf(loss, onFakes.scores, fake);
  discriminatorBackward(D, onFakes, fakeLoss.dScores);
  finishDiscriminatorGradients(D);
  update(discriminatorParameters(D), t, options);

  // G learns to please the updated D, through D, with the same fakes.
  clearGradients(generatorParameters(G));
  prepareDiscriminator(D);
  const again = discriminatorForward(D, see(made.images, 2 * batch));
  const targetLoss = lossOf(loss, again.scores, target, "generator");
  const dImages = discriminatorBackward(D, again, targetLoss.dScores);
  generatorBackward(G, made, unsee(dImages, 2 * batch));
  update(generatorParameters(G), t, options);

  return {
    errD: photoLoss.loss + fakeLoss.loss,
    errG: targetLoss.loss,
    D_x: photoLoss.score,
    D_G_z1: fakeLoss.score,
    D_G_z2: targetLoss.score,
  };
}

function same(pictures: Float64Array): Float64Array {
  return pictures;
}

function clearGradients(parameters: Parameter[]): void {
  for (const { gradient } of parameters) gradient.fill(0);
}

function update(parameters: Parameter[], t: number, options: AdamOptions): void {
  for (const parameter of parameters) adamUpdate(parameter, t, options);
}
