/**
 * What defines a training run's arithmetic: two runs with equal settings, seed and photos on the
 * same device give the same bits.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import {
  type Architecture,
  CHANNELS,
  type Channels,
  DISCRIMINATOR_NORMS,
  type DiscriminatorNorm,
  PICTURE_SIZES,
} from "../model/layers.ts";
import { DIFF_AUGMENTS, type DiffAugment } from "../ops/diff_augment.ts";
import { type Labels, LOSS_NAMES, LOSSES, type LossName } from "../ops/loss_table.ts";

export type { Labels, LossName };

/** The settings of the networks, the losses and Adam. */
export interface TrainSettings extends Architecture {
  /** Channels of a picture: 3, or 1 for grey, to which colour photos are converted (Rec. 601). */
  readonly channels: Channels;
  /** What keeps the discriminator steady: batch norm as in the book, or spectral normalisation. */
  readonly normD: DiscriminatorNorm;
  /** Pictures in a batch. */
  readonly batch: number;
  /** The loss. */
  readonly loss: LossName;
  /** The labels of the loss. */
  readonly labels: Labels;
  /** Adam's learning rate. */
  readonly lr: number;
  /** The discriminator's own; 0: `lr`. */
  readonly lrD: number;
  /** Adam's decay of the first moment. */
  readonly beta1: number;
  /** Adam's decay of the second moment. */
  readonly beta2: number;
  /** Decay of the moving average of the generator's weights per step; 0 keeps none. */
  readonly ema: number;
  /**
   * Round the operands of the convolutions to half precision: faster on GPUs that have it. Weights,
   * sums, normalisation and Adam stay in f32.
   */
  readonly half: boolean;
  /**
   * How the generator doubles pictures. `free`: transposed convolutions, as in the book. `even`:
   * only those that equal resizing and a 3x3 convolution, which draw no checkerboard.
   */
  readonly upsample: Upsample;
  /**
   * What the discriminator sees changed of photos and generated pictures alike, with gradients
   * (ops/diff_augment.ts): names of {@linkcode DIFF_AUGMENTS} with commas between them, or `none`.
   */
  readonly diffAugment: string;
  /** Standard deviation of noise on what the discriminator sees, colours being in [-1, 1]; 0: none. */
  readonly instanceNoise: number;
  /** Seed of everything random: an unsigned 32-bit integer. */
  readonly seed: number;
}

/** The choices of {@linkcode TrainSettings.upsample}. */
export const UPSAMPLES = ["free", "even"] as const;

/** One of {@linkcode UPSAMPLES}. */
export type Upsample = typeof UPSAMPLES[number];

/** The book's settings. */
export const DEFAULT_SETTINGS: TrainSettings = {
  size: 64,
  width: 64,
  nz: 100,
  channels: 3,
  normD: "batch",
  batch: 64,
  loss: "ls",
  labels: LOSSES.ls.labels,
  lr: 2e-4,
  lrD: 0,
  beta1: 0.5,
  beta2: 0.999,
  ema: 0.999,
  half: false,
  upsample: "free",
  diffAugment: "none",
  instanceNoise: 0,
  seed: 1,
};

/** Settings as they are given: some left out, labels too. */
export type GivenSettings = Partial<Omit<TrainSettings, "labels">> & {
  /** Labels to set apart from the loss's own. */
  readonly labels?: Partial<Labels>;
};

/**
 * Completes settings with the defaults, labels with those of the loss.
 *
 * @throws {UserError} If a setting is unknown or out of range, saying which and what it may be.
 */
export function checkSettings(given: GivenSettings): TrainSettings {
  refuseUnknown("setting", given, DEFAULT_SETTINGS);
  refuseUnknown("label", given.labels ?? {}, DEFAULT_SETTINGS.labels);
  const loss = given.loss ?? DEFAULT_SETTINGS.loss;
  if (!LOSS_NAMES.includes(loss)) {
    throw new UserError(`loss must be ${LOSS_NAMES.join(", ")}, not ${loss}`);
  }
  const { labels: own, labelRange, title } = LOSSES[loss];
  const labels: Labels = { ...own, ...given.labels };
  const diffAugment = diffAugmentsIn(given.diffAugment ?? DEFAULT_SETTINGS.diffAugment).join() ||
    "none";
  const settings: TrainSettings = { ...DEFAULT_SETTINGS, ...given, loss, labels, diffAugment };
  const demand = (holds: boolean, name: keyof TrainSettings, range: string) => {
    if (!holds) throw new UserError(`${name} must be ${range}, not ${settings[name]}`);
  };
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  const decay = (value: number) => value >= 0 && value < 1;
  const { size, width, nz, batch, lr, beta1, beta2, ema, seed } = settings;
  demand(PICTURE_SIZES.includes(size), "size", PICTURE_SIZES.join(", "));
  demand(whole(width, 4) && width % 4 === 0, "width", "a multiple of 4");
  demand(whole(nz, 4) && nz % 4 === 0, "nz", "a multiple of 4");
  demand(CHANNELS.includes(settings.channels), "channels", "1 or 3");
  demand(whole(batch, 1), "batch", "a whole number from 1");
  demand(Number.isFinite(lr) && lr > 0, "lr", "a positive number");
  demand(Number.isFinite(settings.lrD) && settings.lrD >= 0, "lrD", "0 or a positive number");
  demand(decay(beta1), "beta1", "at least 0 and below 1");
  demand(decay(beta2), "beta2", "at least 0 and below 1");
  demand(decay(ema), "ema", "at least 0 and below 1");
  demand(DISCRIMINATOR_NORMS.includes(settings.normD), "normD", DISCRIMINATOR_NORMS.join(" or "));
  demand(UPSAMPLES.includes(settings.upsample), "upsample", UPSAMPLES.join(" or "));
  const { instanceNoise } = settings;
  demand(instanceNoise >= 0 && instanceNoise <= 10, "instanceNoise", "from 0 to 10");
  demand(whole(seed, 0) && seed < 2 ** 32, "seed", "a whole number from 0 to 4294967295");
  for (const [name, value] of Object.entries(labels)) {
    if (!Number.isFinite(value)) throw new UserError(`the ${name} label must be a number`);
    if (labelRange && !labelRange.holds(value)) {
      throw new UserError(`with the ${title} loss the ${name} label must be ${labelRange.words}`);
    }
  }
  return settings;
}

/**
 * What {@linkcode TrainSettings.diffAugment} names, in the order in which it is done.
 *
 * @throws {UserError} If a name is unknown.
 */
export function diffAugmentsIn(names: string): DiffAugment[] {
  const given: string[] = names === "none" ? [] : names.split(",").map((name) => name.trim());
  for (const name of given) {
    if (DIFF_AUGMENTS.some((known) => known === name)) continue;
    throw new UserError(
      `\`diffAugment\` must be none, or of ${DIFF_AUGMENTS.join(", ")}, not ${names || '""'}`,
    );
  }
  return DIFF_AUGMENTS.filter((name) => given.includes(name));
}

/** Refuses names that are not among the known ones, with the nearest of those. */
function refuseUnknown(what: string, given: object, known: object): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known);
    const alike = names.find((one) => name.toLowerCase().startsWith(one.toLowerCase())) ??
      names.find((one) => one.toLowerCase().startsWith(name.toLowerCase()));
    throw new UserError(
      `there is no ${what} ${name}${
        alike ? `; did you mean ${alike}?` : `: there are ${names.join(", ")}`
      }`,
    );
  }
}
