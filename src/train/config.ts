/**
 * What defines a training run's arithmetic: two runs with equal settings, seed and photos on the
 * same device give the same bits.
 *
 * @module
 */

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
export interface TrainConfig {
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
  /** Seed of everything random: an unsigned 32-bit integer. */
  readonly seed: number;
}

/** The book's settings. */
export const DEFAULT_CONFIG: TrainConfig = {
  width: 64,
  nz: 100,
  batch: 64,
  loss: "ls",
  labels: { real: 1, fake: 0, target: 1 },
  lr: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  ema: 0.999,
  seed: 1,
};

/** Pixels a side of a picture: fixed by the networks. */
export const IMAGE_SIZE = 64;
