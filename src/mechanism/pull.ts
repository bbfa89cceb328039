/**
 * What pulls a generated sample, by its signed distance from the discriminator's decision boundary:
 * every loss's form for the generator, and the form of cross-entropy that dies early.
 *
 * @module
 */

import { makeBuffer, readBack, type Slice, SLICE_FLOATS, sliceOf, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program, run } from "../gpu/program.ts";
import { LOSSES, type LossName, type LossRole } from "../ops/loss_table.ts";
import { recordLoss } from "../ops/losses.ts";
import { StepUniform } from "../ops/step_uniform.ts";

/** `saturating`: minimise log(1 - D(G(z))), the form of the original proof; the rest are losses. */
export type PullName = LossName | "saturating";

/** How a generator's loss is had from a row of the table of losses. */
export interface Pull {
  /** Its name for people. */
  readonly title: string;
  /** The loss whose kernel computes it. */
  readonly loss: LossName;
  /** As whose loss. */
  readonly role: LossRole;
  /** The label the scores are held against. */
  readonly label: number;
  /** -1: the loss is turned about. */
  readonly sign: 1 | -1;
  /** The score on the decision boundary. */
  readonly boundary: number;
  /** What the score gains with each unit of distance. */
  readonly steepness: number;
}

/**
 * Photos lie at distance 1, where a discriminator sure of itself scores them. Least squares scores
 * photos 1 and pictures 0, so its boundary is the score 0.5; the others' is the score 0.
 * Cross-entropy's scores are logits: a distance of 1 is a logit of 3, D = 0.95.
 */
export const PULLS: Readonly<Record<PullName, Pull>> = {
  ls: {
    title: "least squares",
    loss: "ls",
    role: "generator",
    label: 1,
    sign: 1,
    boundary: 0.5,
    steepness: 0.5,
  },
  bce: {
    title: "cross-entropy, as people train it",
    loss: "bce",
    role: "generator",
    label: 1,
    sign: 1,
    boundary: 0,
    steepness: 3,
  },
  // Goodfellow et al. (NeurIPS 2014, section 3): the discriminator's loss on pictures, turned about.
  saturating: {
    title: "cross-entropy, saturating",
    loss: "bce",
    role: "discriminator",
    label: 0,
    sign: -1,
    boundary: 0,
    steepness: 3,
  },
  hinge: {
    title: "hinge",
    loss: "hinge",
    role: "generator",
    label: 1,
    sign: 1,
    boundary: 0,
    steepness: 1,
  },
};

/** All names. */
export const PULL_NAMES = Object.keys(PULLS) as readonly PullName[];

/** The generator's loss at some distances, and its slope there. */
export interface PullValues {
  /** The loss. */
  readonly loss: Float32Array;
  /** Its derivative by the distance: a step against it moves the sample. */
  readonly slope: Float32Array;
}

/** The same at one distance, in float64, from the loss's reference. */
export function pullAt(name: PullName, distance: number): { loss: number; slope: number } {
  const { loss, role, label, sign, boundary, steepness } = PULLS[name];
  const at = LOSSES[loss].reference(boundary + steepness * distance, label, role);
  return { loss: sign * at.loss, slope: sign * steepness * at.gradient };
}

/** Computes a pull with the loss kernel that training uses, on a number of samples at once. */
export class PullProbe {
  readonly #gpu: Gpu;
  readonly #pull: Pull;
  readonly #count: number;
  readonly #program: Program;
  readonly #uniform: StepUniform;
  readonly #scores: Slice;
  readonly #gradients: Slice;
  readonly #metrics: Slice;

  /**
   * Records the kernel once for each of `count` samples, a batch of one each: a loss is a mean over its
   * batch, and here every sample's own is asked for.
   */
  constructor(gpu: Gpu, name: PullName, count: number) {
    this.#gpu = gpu;
    this.#pull = PULLS[name];
    this.#count = count;
    this.#uniform = new StepUniform(gpu);
    const floats = count * SLICE_FLOATS;
    this.#scores = makeBuffer(gpu, "probed scores", floats);
    this.#gradients = makeBuffer(gpu, "probed gradients", floats);
    this.#metrics = makeBuffer(gpu, "probed losses", floats);
    this.#program = new Program(gpu);
    this.#uniform.write({ seed: 0, step: 0, stepSize: 0, invSqrtBias2: 1, ema: 0 });
    const { loss, role, label } = this.#pull;
    for (let i = 0; i < count; i++) {
      const own = (whole: Slice) => sliceOf(whole, i * SLICE_FLOATS, SLICE_FLOATS);
      recordLoss(
        this.#program,
        { loss, role, batch: 1, label, lossAt: 0, scoreAt: 1 },
        this.#uniform,
        own(this.#scores),
        own(this.#gradients),
        own(this.#metrics),
      );
    }
  }

  /** Loss and slope at so many distances; one read-back. */
  async probe(distances: ArrayLike<number>): Promise<PullValues> {
    const { sign, boundary, steepness } = this.#pull;
    const scores = new Float32Array(this.#count * SLICE_FLOATS);
    for (let i = 0; i < this.#count; i++) {
      scores[i * SLICE_FLOATS] = boundary + steepness * distances[i];
    }
    upload(this.#gpu, this.#scores, scores);
    run(this.#gpu, this.#program);
    const [gradients, metrics] = await readBack(this.#gpu, [this.#gradients, this.#metrics]);
    const each = (of: Float32Array, factor: number) =>
      Float32Array.from({ length: this.#count }, (_, i) => factor * of[i * SLICE_FLOATS]);
    return { loss: each(metrics, sign), slope: each(gradients, sign * steepness) };
  }

  /** Frees the buffers. */
  destroy(): void {
    for (const { buffer } of [this.#uniform.slice, this.#scores, this.#gradients, this.#metrics]) {
      buffer.destroy();
    }
  }

  /** Frees them at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}
