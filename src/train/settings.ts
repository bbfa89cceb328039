/**
 * What defines a training run's arithmetic: two runs with equal settings, seed and photos on the
 * same device give the same bits.
 *
 * @module
 */

import { UserError } from "../errors.ts";

/** `ls`: least squares (LSGAN). `bce`: cross-entropy from logits (the original GAN loss). */
export type LossName = "ls" | "bce";

/**
 * The values the losses pull the scores towards.
 *
 * The book writes a = {@linkcode real}, b = {@linkcode fake}, c = {@linkcode target}; the paper
 * (Mao et al., "Least Squares Generative Adversarial Networks", ICCV 2017, eq. 2) writes
 * b = real, a = fake, c = target.
 */
export interface Labels {
  /** Where the discriminator pulls the score of a photo; default 1. */
  readonly real: number;
  /** Where the discriminator pulls the score of a generated picture; default 0. */
  readonly fake: number;
  /** Where the generator pulls the score of a generated picture; default 1. */
  readonly target: number;
}

/** The settings of the networks, the losses and Adam. */
export interface TrainSettings {
  /** Channels of the generator's last and the discriminator's first hidden layer; a multiple of 4. */
  readonly width: number;
  /** Length of the generator's noise vector. */
  readonly nz: number;
  /** Pictures in a batch. */
  readonly batch: number;
  /** The loss. */
  readonly loss: LossName;
  /** The labels of the loss. */
  readonly labels: Labels;
  /** Adam's learning rate. */
  readonly lr: number;
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
  /** Seed of everything random: an unsigned 32-bit integer. */
  readonly seed: number;
}

/** The book's settings. */
export const DEFAULT_SETTINGS: TrainSettings = {
  width: 64,
  nz: 100,
  batch: 64,
  loss: "ls",
  labels: { real: 1, fake: 0, target: 1 },
  lr: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  ema: 0.999,
  half: false,
  seed: 1,
};

/** Pixels a side of a picture: fixed by the networks. */
export const IMAGE_SIZE = 64;

/**
 * Completes settings with the defaults.
 *
 * @throws {UserError} If a setting is out of range, saying which and what it may be.
 */
export function checkSettings(settings: Partial<TrainSettings>): TrainSettings {
  const config = { ...DEFAULT_SETTINGS, ...settings };
  const demand = (holds: boolean, name: keyof TrainSettings, range: string) => {
    if (!holds) throw new UserError(`${name} must be ${range}, not ${config[name]}`);
  };
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  const decay = (value: number) => value >= 0 && value < 1;
  const { width, nz, batch, loss, labels, lr, beta1, beta2, ema, seed } = config;
  demand(whole(width, 4) && width % 4 === 0, "width", "a multiple of 4");
  demand(whole(nz, 4) && nz % 4 === 0, "nz", "a multiple of 4");
  demand(whole(batch, 1), "batch", "a whole number from 1");
  demand(loss === "ls" || loss === "bce", "loss", "ls or bce");
  demand(Number.isFinite(lr) && lr > 0, "lr", "a positive number");
  demand(decay(beta1), "beta1", "at least 0 and below 1");
  demand(decay(beta2), "beta2", "at least 0 and below 1");
  demand(decay(ema), "ema", "at least 0 and below 1");
  demand(whole(seed, 0) && seed < 2 ** 32, "seed", "a whole number from 0 to 4294967295");
  for (const [name, value] of Object.entries(labels)) {
    if (!Number.isFinite(value)) throw new UserError(`the ${name} label must be a number`);
    if (loss === "bce" && (value < 0 || value > 1)) {
      throw new UserError(`with the cross-entropy loss the ${name} label must be from 0 to 1`);
    }
  }
  return config;
}
