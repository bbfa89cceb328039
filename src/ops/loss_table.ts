/**
 * The losses, a row each: everything that knows one loss from another reads it here.
 *
 * @module
 */

import crossEntropySource from "../../shaders/cross_entropy.wgsl" with { type: "text" };
import hingeSource from "../../shaders/hinge.wgsl" with { type: "text" };
import leastSquaresSource from "../../shaders/least_squares.wgsl" with { type: "text" };

/**
 * The values the losses pull the scores towards.
 *
 * The book writes a = {@linkcode real}, b = {@linkcode fake}, c = {@linkcode target}; the paper
 * (Mao et al., "Least Squares Generative Adversarial Networks", ICCV 2017, eq. 2) writes
 * b = real, a = fake, c = target.
 */
export interface Labels {
  /** Where the discriminator pulls the score of a photo. */
  readonly real: number;
  /** Where the discriminator pulls the score of a generated picture. */
  readonly fake: number;
  /** Where the generator pulls the score of a generated picture. */
  readonly target: number;
}

/** Whose loss it is: some losses are another function for the generator. */
export type LossRole = "discriminator" | "generator";

/** What one score gives. */
export interface LossElement {
  /** Its loss. */
  readonly loss: number;
  /** The loss's derivative with respect to the score. */
  readonly gradient: number;
  /** The score as people read it. */
  readonly score: number;
}

/** All there is to know of a loss. */
export interface Loss {
  /** Its name for people. */
  readonly title: string;
  /** Defines `element`, which loss.wgsl calls for every score. */
  readonly wgsl: string;
  /** The same in float64. */
  readonly reference: (score: number, label: number, role: LossRole) => LossElement;
  /** The labels where none are given. */
  readonly labels: Labels;
  /** Which labels it can work with, for a person; undefined: any number. */
  readonly labelRange?: {
    readonly words: string;
    readonly holds: (label: number) => boolean;
  };
  /** The scores, as people read them, of a discriminator that is sure of itself. */
  readonly certain: (labels: Labels) => { readonly photo: number; readonly picture: number };
}

const leastSquares: Loss = {
  title: "least squares",
  wgsl: leastSquaresSource,
  reference: (score, label) => ({
    loss: 0.5 * (score - label) ** 2,
    gradient: score - label,
    score,
  }),
  labels: { real: 1, fake: 0, target: 1 },
  certain: ({ real, fake }) => ({ photo: real, picture: fake }),
};

const crossEntropy: Loss = {
  title: "cross-entropy",
  wgsl: crossEntropySource,
  reference(score, label) {
    const tail = Math.exp(-Math.abs(score)); // at most 1
    const sigmoid = (score >= 0 ? 1 : tail) / (1 + tail);
    const complement = (score >= 0 ? tail : 1) / (1 + tail); // 1 - sigmoid, without cancellation
    return {
      loss: Math.max(score, 0) - label * score + Math.log1p(tail),
      gradient: (1 - label) * sigmoid - label * complement,
      score: sigmoid,
    };
  },
  labels: { real: 1, fake: 0, target: 1 },
  labelRange: { words: "from 0 to 1", holds: (label) => label >= 0 && label <= 1 },
  // Through the sigmoid a sure discriminator says 1 and 0, whatever the labels.
  certain: () => ({ photo: 1, picture: 0 }),
};

const hinge: Loss = {
  title: "hinge",
  wgsl: hingeSource,
  reference(score, label, role) {
    if (role === "generator") return { loss: -label * score, gradient: -label, score };
    const margin = 1 - label * score;
    return { loss: Math.max(margin, 0), gradient: margin > 0 ? -label : 0, score };
  },
  labels: { real: 1, fake: -1, target: 1 },
  labelRange: { words: "1 or -1", holds: (label) => Math.abs(label) === 1 },
  certain: ({ real, fake }) => ({ photo: real, picture: fake }),
};

/** `ls`: least squares (LSGAN). `bce`: cross-entropy from logits. `hinge`: the hinge loss. */
export type LossName = "ls" | "bce" | "hinge";

/** The losses by the names that settings and options give them. */
export const LOSSES: Readonly<Record<LossName, Loss>> = {
  ls: leastSquares,
  bce: crossEntropy,
  hinge,
};

/** All names. */
export const LOSS_NAMES = Object.keys(LOSSES) as readonly LossName[];

/** Names and titles, where those differ, in one line: `ls: least squares; ...; hinge`. */
export const LOSSES_IN_WORDS: string = LOSS_NAMES.map((name) => {
  const { title } = LOSSES[name];
  return title === name ? name : `${name}: ${title}`;
}).join("; ");
