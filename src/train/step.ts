/**
 * One LSGAN step, recorded once in the book's order and run as often as one likes.
 *
 * @module
 */

import { makeBuffer, type Slice, sliceOf } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program } from "../gpu/program.ts";
import { IMAGE_CHANNELS } from "../model/layers.ts";
import { Discriminator } from "../model/discriminator.ts";
import { Generator } from "../model/generator.ts";
import type { NetworkState } from "../model/network_state.ts";
import { recordAdam, recordEma } from "../ops/adam.ts";
import { LOSS_SCALE, type LossSpec, MetricAt, recordLoss } from "../ops/losses.ts";
import { recordNoise, recordNormaliseImages } from "../ops/random.ts";
import { METRICS_RING, StepUniform } from "../ops/step_uniform.ts";
import { Augmentation } from "./augmentation.ts";
import type { TrainSettings } from "./settings.ts";

/** What Adam keeps for a network: gradients and both moments, laid out as the parameters are. */
export class AdamState {
  /** Gradients of the step under way. */
  readonly gradients: Slice;
  /** First moments. */
  readonly moment1: Slice;
  /** Second moments. */
  readonly moment2: Slice;

  /** Makes zeroed buffers. */
  constructor(gpu: Gpu, label: string, floats: number) {
    this.gradients = makeBuffer(gpu, `${label} gradients`, floats);
    this.moment1 = makeBuffer(gpu, `${label} first moments`, floats);
    this.moment2 = makeBuffer(gpu, `${label} second moments`, floats);
  }

  /** Frees the buffers. */
  destroy(): void {
    for (const { buffer } of [this.gradients, this.moment1, this.moment2]) buffer.destroy();
  }
}

/** The weights a step works on. */
export interface StepState {
  /** The generator's. */
  readonly generator: NetworkState;
  /** The discriminator's. */
  readonly discriminator: NetworkState;
  /** The generator's moving average, if one is kept. */
  readonly average: NetworkState | undefined;
  /** Adam's for the generator. */
  readonly adamG: AdamState;
  /** Adam's for the discriminator. */
  readonly adamD: AdamState;
}

/** What tells a step's three losses apart. */
type ScoreFields = "role" | "label" | "first" | "lossAt" | "scoreAt";

/** A recorded step and the buffers it reads its inputs from and leaves its metrics in. */
export class Step {
  /** The numbers that change from step to step. */
  readonly uniform: StepUniform;
  /** The batch as bytes, [B, size, size, 3]. */
  readonly bytes: Slice;
  /** The batch as numbers, [B, size, size, 4]; `inputs` fills it from the bytes. */
  readonly real: Slice;
  /** Those and behind them the generated pictures, [2B, size, size, 4]. */
  readonly #pictures: Slice;
  /** The noise, [B, nz]; `inputs` draws it. */
  readonly noise: Slice;
  /** The metrics of the last steps, [ring][8]. */
  readonly metrics: Slice;
  /** Bytes to numbers, and noise from the step's number. */
  readonly inputs: Program;
  /** Everything from a batch and noise to updated weights. */
  readonly update: Program;
  readonly #generator: Generator;
  /** The discriminator on photos and generated pictures at once. */
  readonly #discriminator: Discriminator;
  /** The discriminator on generated pictures alone, once it is updated. */
  readonly #updated: Discriminator;
  /** Where the discriminator is not to see pictures as they are. */
  readonly #augmentation: Augmentation | undefined;

  /** Records a step over the given weights. */
  constructor(gpu: Gpu, settings: TrainSettings, state: StepState) {
    const { batch, size, nz, half, channels } = settings;
    const pixels = batch * size * size;
    this.uniform = new StepUniform(gpu);
    this.bytes = makeBuffer(gpu, "photo bytes", pixels * 3 / 4);
    const floats = pixels * IMAGE_CHANNELS;
    this.#pictures = makeBuffer(gpu, "photos and generated pictures", 2 * floats);
    this.real = sliceOf(this.#pictures, 0, floats);
    this.metrics = makeBuffer(gpu, "metrics", METRICS_RING * 8);
    const fakes = sliceOf(this.#pictures, floats, floats);
    this.#generator = new Generator(gpu, state.generator, settings, batch, half, fakes);
    this.#discriminator = new Discriminator(gpu, state.discriminator, settings, 2 * batch, half, 2);
    this.#updated = new Discriminator(gpu, state.discriminator, settings, batch, half);
    this.#augmentation = Augmentation.of(gpu, settings, this.uniform);
    this.noise = this.#generator.noise;
    this.inputs = new Program(gpu);
    recordNormaliseImages(this.inputs, this.bytes, this.real, pixels, channels);
    recordNoise(this.inputs, this.uniform, this.noise, batch * nz);
    this.update = new Program(gpu);
    this.#record(this.update, settings, state);
  }

  #record(program: Program, settings: TrainSettings, state: StepState): void {
    const { loss, labels, batch, lr, lrD, beta1, beta2, half } = settings;
    const scale = half ? LOSS_SCALE : 1;
    const [G, D, updatedD] = [this.#generator, this.#discriminator, this.#updated];
    const augmentation = this.#augmentation;
    const pictures = this.#pictures;
    const { generator, discriminator, average, adamG, adamD } = state;
    const score = ({ scores, dScores }: Discriminator, spec: Pick<LossSpec, ScoreFields>) =>
      recordLoss(
        program,
        { loss, batch, scale, ...spec },
        this.uniform,
        scores,
        dScores,
        this.metrics,
      );

    // The discriminator on photos and on generated pictures, which are constants to it; then its
    // update. Both go through it at once, for its weights stay as they are in between: the book's two
    // passes and the sum of their gradients, at half the dispatches.
    G.recordForward(program, "training");
    const seen = augmentation?.recordForward(program, pictures, 2 * batch, 0) ?? pictures;
    D.recordForward(program, seen);
    score(D, {
      role: "discriminator",
      label: labels.real,
      lossAt: MetricAt.lossReal,
      scoreAt: MetricAt.D_x,
    });
    score(D, {
      role: "discriminator",
      first: batch,
      label: labels.fake,
      lossAt: MetricAt.lossFake,
      scoreAt: MetricAt.D_G_z1,
    });
    D.recordBackward(program, seen, adamD.gradients);
    recordAdam(
      program,
      this.uniform,
      { ...adamD, parameters: discriminator.parameters },
      { beta1, beta2, rate: lrD > 0 ? lrD / lr : 1, gradientScale: scale },
    );
    // The generator learns what the updated discriminator thinks of the same pictures, augmented anew.
    const anew = augmentation?.recordForward(program, G.images, batch, 2 * batch) ?? G.images;
    updatedD.recordForward(program, anew);
    score(updatedD, {
      role: "generator",
      label: labels.target,
      lossAt: MetricAt.errG,
      scoreAt: MetricAt.D_G_z2,
    });
    updatedD.recordInputGradient(program);
    const { dImages } = updatedD;
    const back = augmentation?.recordBackward(program, dImages, batch, 2 * batch) ?? dImages;
    G.recordBackward(program, back, adamG.gradients);
    const even = settings.upsample === "even";
    recordAdam(
      program,
      this.uniform,
      {
        ...adamG,
        parameters: generator.parameters,
        average: even ? undefined : average?.parameters,
      },
      { beta1, beta2, gradientScale: scale },
    );
    if (even) G.recordEvenTaps(program);
    if (!average) return;
    // What Adam leaves is not yet what is averaged where taps are made even behind it.
    if (even) recordEma(program, this.uniform, generator.parameters, average.parameters);
    recordEma(program, this.uniform, generator.running, average.running);
  }

  /** Frees the buffers; the weights are not its own. */
  destroy(): void {
    this.#generator.destroy();
    this.#discriminator.destroy();
    this.#updated.destroy();
    for (const { buffer } of [this.uniform.slice, this.bytes, this.#pictures, this.metrics]) {
      buffer.destroy();
    }
    this.#augmentation?.destroy();
  }
}
