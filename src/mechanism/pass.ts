/**
 * A look into a training: what the discriminator of a checkpoint says of photos and of generated
 * pictures, and how strong a gradient each picture sends to the generator.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { makeBuffer, readBack, type Slice, sliceOf, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program, run } from "../gpu/program.ts";
import { Discriminator } from "../model/discriminator.ts";
import { Generator } from "../model/generator.ts";
import { discriminatorTensors, generatorTensors, IMAGE_CHANNELS } from "../model/layers.ts";
import { NetworkState } from "../model/network_state.ts";
import type { LossName } from "../ops/loss_table.ts";
import { LOSS_SCALE, recordLoss } from "../ops/losses.ts";
import { recordNormaliseImages } from "../ops/random.ts";
import { StepUniform } from "../ops/step_uniform.ts";
import { type Checkpoint, holds } from "../train/checkpoint.ts";
import type { TrainSettings } from "../train/settings.ts";
import { PULL_NAMES, type PullName, PullProbe, PULLS } from "./pull.ts";

/** What a batch gives. */
export interface Pass {
  /** The scores of photos, [B]; with cross-entropy logits. */
  readonly photos: Float32Array;
  /** The scores of generated pictures, [B]. */
  readonly pictures: Float32Array;
  /**
   * How far each picture's own numbers move its own score, [B]: the norm of that derivative. Times the
   * size of a loss's slope it is the gradient of the picture's own loss by itself.
   */
  readonly sensitivities: Float32Array;
  /** Of each form of the loss, the run's own and the others: what each picture gets. */
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

/** What the score gains from the boundary to what photos are pulled to: a distance of 1, as of {@linkcode PULLS}. */
export function unitOf({ loss, labels }: Pick<TrainSettings, "loss" | "labels">): number {
  return loss === "bce" ? PULLS.bce.steepness : (labels.real - labels.fake) / 2;
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
  readonly #ownSlopes: ReadonlyMap<PullName, Program>;
  readonly #otherSlopes: ReadonlyMap<PullName, PullProbe>;
  readonly #backward: Program;

  /**
   * Loads the weights that were being trained, and records the passes.
   *
   * @throws {UserError} If the checkpoint holds no discriminator.
   */
  constructor(gpu: Gpu, checkpoint: Checkpoint) {
    const { settings, tensors } = checkpoint;
    if (!holds(checkpoint, "D")) {
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
    this.#ownSlopes = new Map(
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
        return [name, program];
      }),
    );
    this.#otherSlopes = new Map(
      PULL_NAMES.filter((name) => !this.#ownSlopes.has(name))
        .map((name) => [name, new PullProbe(gpu, name, batch)]),
    );
    this.#backward = new Program(gpu);
    this.#discriminator.recordInputGradient(this.#backward);
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
    const pictures = (await readBack(this.#gpu, [D.scores]))[0].slice(0, batch);
    const pulls = new Map<PullName, { slopes: Float32Array; norms: Float32Array }>();
    for (const name of PULL_NAMES) {
      const slopes = await this.#slopes(name, pictures);
      pulls.set(name, { slopes, norms: await this.#norms(slopes, 0, batch) });
    }
    const sensitivities = new Float32Array(batch);
    for (let i = 0; i < batch; i++) {
      const one = new Float32Array(batch);
      one[i] = 1;
      [sensitivities[i]] = await this.#norms(one, i, 1);
    }
    return { photos: ofPhotos.slice(0, batch), pictures, sensitivities, pulls };
  }

  /** A form's derivative by each score; the other losses' at the same distances from the boundary. */
  async #slopes(name: PullName, pictures: Float32Array): Promise<Float32Array> {
    const { batch } = this.settings;
    const own = this.#ownSlopes.get(name);
    if (own) {
      run(this.#gpu, own);
      const [ofMean] = await readBack(this.#gpu, [this.#discriminator.dScores]);
      return ofMean.slice(0, batch).map((slope) => PULLS[name].sign * batch * slope);
    }
    const [boundary, unit] = [boundaryOf(this.settings), unitOf(this.settings)];
    const distances = pictures.map((score) => (score - boundary) / unit);
    const { slope } = await this.#otherSlopes.get(name)!.probe(distances);
    return slope.map((byDistance) => byDistance / unit);
  }

  /** The norms of the gradient by `count` pictures from `first` on, where the scores have these slopes. */
  async #norms(slopes: Float32Array, first: number, count: number): Promise<Float32Array> {
    const { batch, size, half } = this.settings;
    const D = this.#discriminator;
    const scale = half ? LOSS_SCALE / batch : 1; // as in training
    upload(this.#gpu, D.dScores, slopes.map((slope) => scale * slope));
    run(this.#gpu, this.#backward);
    const each = size * size * IMAGE_CHANNELS;
    const [gradients] = await readBack(this.#gpu, [
      sliceOf(D.dImages, first * each, count * each),
    ]);
    return pictureNorms(gradients, count).map((norm) => norm / scale);
  }

  /** Frees what it holds on the GPU. */
  destroy(): void {
    this.#generator.destroy();
    this.#discriminator.destroy();
    for (const state of this.#states) state.destroy();
    for (const probe of this.#otherSlopes.values()) probe.destroy();
    for (const { buffer } of [...this.#own, this.#uniform.slice]) buffer.destroy();
  }

  /** Frees it at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}

/** The Euclidean norm of each of so many pictures. */
function pictureNorms(pixels: Float32Array, count: number): Float32Array {
  const each = pixels.length / count;
  return Float32Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let at = i * each; at < (i + 1) * each; at++) sum += pixels[at] ** 2;
    return Math.sqrt(sum);
  });
}
