/**
 * A look into a training: what the discriminator of a checkpoint says of photos and of generated
 * pictures, and how strong a gradient each picture sends to the generator.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { makeBuffer, readBack, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program, run } from "../gpu/program.ts";
import { Discriminator } from "../model/discriminator.ts";
import { Generator } from "../model/generator.ts";
import { discriminatorTensors, generatorTensors, IMAGE_CHANNELS } from "../model/layers.ts";
import { NetworkState } from "../model/network_state.ts";
import type { LossName } from "../ops/loss_table.ts";
import { recordLoss } from "../ops/losses.ts";
import { recordNormaliseImages } from "../ops/random.ts";
import { StepUniform } from "../ops/step_uniform.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { TrainSettings } from "../train/settings.ts";
import { PULL_NAMES, type PullName, PULLS } from "./pull.ts";

/** What a batch gives. */
export interface Pass {
  /** The scores of photos, [B]; with cross-entropy logits. */
  readonly photos: Float32Array;
  /** The scores of generated pictures, [B]. */
  readonly pictures: Float32Array;
  /** Of each form of the loss: what each picture gets. */
  readonly pulls: ReadonlyMap<PullName, {
    /** The loss's derivative by each picture's score, [B]. */
    readonly slopes: Float32Array;
    /**
     * The norm of the gradient that reaches the generator through each picture, [B]: of the derivative,
     * by that picture's numbers, of the batch's summed loss. Batch norm ties the pictures of a batch, so
     * it is not the picture's own loss alone that pulls it.
     */
    readonly norms: Float32Array;
  }>;
}

/** The forms of a loss: itself, and with cross-entropy the saturating one. */
export function pullsOf(loss: LossName): PullName[] {
  return PULL_NAMES.filter((name) => PULLS[name].loss === loss);
}

/** The score between what photos and what pictures are pulled to: above it a picture is called real. */
export function boundaryOf({ loss, labels }: Pick<TrainSettings, "loss" | "labels">): number {
  return loss === "bce" ? 0 : (labels.real + labels.fake) / 2; // a logit of 0 is D = 0.5
}

/** Passes through the networks of a checkpoint, as a step's, without learning from them. */
export class PassProbe {
  /** The training's settings. */
  readonly settings: TrainSettings;
  readonly #gpu: Gpu;
  readonly #states: readonly NetworkState[];
  readonly #generator: Generator;
  readonly #discriminator: Discriminator;
  readonly #uniform: StepUniform;
  readonly #own: Slice[] = [];
  readonly #bytes: Slice;
  readonly #photos: Program;
  readonly #pictures: Program;
  readonly #pulls: ReadonlyMap<PullName, Program>;

  /**
   * Loads the weights that were being trained, and records the passes.
   *
   * @throws {UserError} If the checkpoint holds no discriminator.
   */
  constructor(gpu: Gpu, { settings, tensors }: Checkpoint) {
    if (!tensors.has("D.main.0.weight")) {
      throw new UserError("the checkpoint holds no discriminator: there are no scores to look at");
    }
    this.settings = settings;
    this.#gpu = gpu;
    const { batch, size, channels, half, labels, loss } = settings;
    const G = new NetworkState(gpu, "generator", generatorTensors(settings));
    const D = new NetworkState(gpu, "discriminator", discriminatorTensors(settings));
    G.load(tensors, "G.");
    D.load(tensors, "D.");
    this.#states = [G, D];
    this.#generator = new Generator(gpu, G, settings, batch, half);
    this.#discriminator = new Discriminator(gpu, D, settings, batch, half);
    this.#uniform = new StepUniform(gpu);
    this.#uniform.write({ seed: 0, step: 0, stepSize: 0, invSqrtBias2: 1, ema: 0 });
    const pixels = batch * size * size;
    this.#bytes = this.#buffer("photo bytes", pixels * 3 / 4);
    const real = this.#buffer("photos", pixels * IMAGE_CHANNELS);
    const metrics = this.#buffer("metrics", 8);
    this.#photos = new Program(gpu);
    recordNormaliseImages(this.#photos, this.#bytes, real, pixels, channels);
    this.#discriminator.recordForward(this.#photos, real);
    this.#pictures = new Program(gpu);
    this.#generator.recordForward(this.#pictures, "training");
    this.#discriminator.recordForward(this.#pictures, this.#generator.images);
    this.#pulls = new Map(
      pullsOf(loss).map((name) => {
        const { role, label } = PULLS[name];
        const program = new Program(gpu);
        recordLoss(
          program,
          {
            loss,
            role,
            batch,
            label: role === "generator" ? labels.target : label,
            lossAt: 0,
            scoreAt: 1,
          },
          this.#uniform,
          this.#discriminator.scores,
          this.#discriminator.dScores,
          metrics,
        );
        this.#discriminator.recordInputGradient(program);
        return [name, program];
      }),
    );
  }

  #buffer(label: string, floats: number): Slice {
    const buffer = makeBuffer(this.#gpu, label, floats);
    this.#own.push(buffer);
    return buffer;
  }

  /** A batch of photos as bytes, [B, size, size, 3], and noise [B, nz]. */
  async pass(photos: Uint8Array, noise: Float32Array): Promise<Pass> {
    const { batch } = this.settings;
    const D = this.#discriminator;
    upload(this.#gpu, this.#bytes, photos);
    run(this.#gpu, this.#photos);
    const [ofPhotos] = await readBack(this.#gpu, [D.scores]);
    upload(this.#gpu, this.#generator.noise, noise);
    run(this.#gpu, this.#pictures);
    const [ofPictures] = await readBack(this.#gpu, [D.scores]);
    const pulls = new Map<PullName, { slopes: Float32Array; norms: Float32Array }>();
    for (const [name, program] of this.#pulls) {
      run(this.#gpu, program);
      const [slopes, gradients] = await readBack(this.#gpu, [D.dScores, D.dImages]);
      const { sign } = PULLS[name];
      pulls.set(name, {
        // The kernels' loss is the batch's mean.
        slopes: slopes.slice(0, batch).map((slope) => sign * batch * slope),
        norms: pictureNorms(gradients, batch).map((norm) => batch * norm),
      });
    }
    return { photos: ofPhotos.slice(0, batch), pictures: ofPictures.slice(0, batch), pulls };
  }

  /** Frees what it holds on the GPU. */
  destroy(): void {
    this.#generator.destroy();
    this.#discriminator.destroy();
    for (const state of this.#states) state.destroy();
    for (const { buffer } of [...this.#own, this.#uniform.slice]) buffer.destroy();
  }

  /** Frees it at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}

/** The Euclidean norm of each picture of a batch. */
function pictureNorms(pixels: Float32Array, batch: number): Float32Array {
  const each = pixels.length / batch;
  return Float32Array.from({ length: batch }, (_, i) => {
    let sum = 0;
    for (let at = i * each; at < (i + 1) * each; at++) sum += pixels[at] ** 2;
    return Math.sqrt(sum);
  });
}
