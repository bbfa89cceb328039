/**
 * The discriminator: pictures [B, size, size, 4] to scores [B].
 *
 * Convolutions halve the pictures down to 4x4, each followed by LeakyReLU and all but the first by
 * batch norm; a linear layer gives one score a picture, with no sigmoid (layers.ts).
 *
 * @module
 */

import { makeBuffer, type Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Program } from "../gpu/program.ts";
import { LEAKY_SLOPE, recordActivationBackward } from "../ops/activation.ts";
import { Conv } from "../ops/conv/conv.ts";
import { Workspace } from "../ops/conv/workspace.ts";
import { type HeadShape, recordHead, recordHeadBackward } from "../ops/dense.ts";
import { BatchNorm } from "../ops/batch_norm.ts";
import {
  type Architecture,
  convShape,
  discriminatorLayers,
  IMAGE_CHANNELS,
  layersOf,
  SMALLEST,
} from "./layers.ts";
import type { NetworkState } from "./network_state.ts";

/** A stage behind the first: what a convolution wrote, its normalisation, and what comes out. */
interface Stage {
  readonly norm: BatchNorm;
  readonly normName: string;
  readonly x: Slice;
}

/**
 * The discriminator for one batch size, over weights that it does not own. Photos and generated pictures
 * may go through it in one batch as two groups: batch norm then treats each as a batch of its own.
 */
export class Discriminator {
  /** The scores of the last forward pass, [B]. */
  readonly scores: Slice;
  /** Where the loss writes the scores' gradients, [B]. */
  readonly dScores: Slice;
  readonly #gpu: Gpu;
  readonly #state: NetworkState;
  readonly #headShape: HeadShape;
  readonly #convs: readonly Conv[];
  readonly #convNames: readonly string[];
  readonly #headName: string;
  /** What comes out behind each activation. */
  readonly #y: readonly Slice[];
  readonly #stages: readonly Stage[];
  readonly #workspace: Workspace;
  readonly #gradients: readonly [Slice, Slice];
  readonly #imageFloats: number;
  #dImages: Slice | undefined;
  readonly #own: Slice[] = [];

  /** Makes the buffers between the layers; `half` rounds the operands of convolutions to f16. */
  constructor(
    gpu: Gpu,
    state: NetworkState,
    architecture: Architecture,
    batch: number,
    half = false,
    groups = 1,
  ) {
    this.#gpu = gpu;
    this.#state = state;
    this.#workspace = new Workspace(gpu);
    const layers = discriminatorLayers(architecture);
    const convs = layersOf(layers, "conv");
    const [head] = layersOf(layers, "head");
    this.#headName = head.name;
    this.#headShape = { batch, groups, features: SMALLEST * SMALLEST * head.channels };
    this.scores = this.#buffer("scores", batch);
    this.dScores = this.#buffer("score gradients", batch);
    this.#imageFloats = batch * architecture.size ** 2 * IMAGE_CHANNELS;
    const floats = convs.map(({ pixels, small }) => batch * pixels * pixels * small);
    this.#convs = convs.map((conv) => new Conv(this.#workspace, convShape(conv, batch, half)));
    this.#convNames = convs.map(({ name }) => name);
    this.#y = floats.map((count, i) => this.#buffer(`discriminator y${i}`, count));
    this.#stages = layersOf(layers, "norm").map(({ name, pixels, channels }, i): Stage => ({
      norm: new BatchNorm(gpu, {
        batch,
        height: pixels,
        width: pixels,
        channels,
        slope: LEAKY_SLOPE,
        groups,
      }),
      normName: name,
      x: this.#buffer(`discriminator x${i + 1}`, floats[i + 1]),
    }));
    this.#gradients = [
      this.#buffer("discriminator gradient a", floats[0]),
      this.#buffer("discriminator gradient b", floats[0]),
    ];
  }

  #buffer(label: string, floats: number): Slice {
    const buffer = makeBuffer(this.#gpu, label, floats);
    this.#own.push(buffer);
    return buffer;
  }

  #weight(conv: number, flat?: Slice): Slice {
    return this.#state.slice(`${this.#convNames[conv]}.weight`, flat);
  }

  #normParameters({ normName }: Stage, flat?: Slice): { gamma: Slice; beta: Slice } {
    return {
      gamma: this.#state.slice(`${normName}.weight`, flat),
      beta: this.#state.slice(`${normName}.bias`, flat),
    };
  }

  #head(flat?: Slice): { weight: Slice; bias: Slice } {
    return {
      weight: this.#state.slice(`${this.#headName}.weight`, flat),
      bias: this.#state.slice(`${this.#headName}.bias`, flat),
    };
  }

  /** Where {@linkcode recordInputGradient} leaves the images' gradient, [B, size, size, 4]. */
  get dImages(): Slice {
    return this.#dImages ??= this.#buffer("image gradients", this.#imageFloats);
  }

  /** Records images to scores, with each group's statistics; updates the running ones. */
  recordForward(program: Program, images: Slice): void {
    this.#convs[0].recordDown(program, images, this.#weight(0), this.#y[0], "leaky_relu");
    this.#stages.forEach((stage, i) => {
      const { norm, normName, x } = stage;
      this.#convs[i + 1].recordDown(program, this.#y[i], this.#weight(i + 1), x);
      const running = this.#state.runningSlice(normName);
      const y = this.#y[i + 1];
      const target = this.#convs[i + 2]?.bigTarget(this.#gpu, y) ?? y;
      norm.recordForward(program, x, this.#normParameters(stage), running, target);
    });
    recordHead(program, this.#headShape, this.#y.at(-1)!, this.#head(), this.scores);
  }

  /** Records the gradients of all parameters into `gradients` from the scores' gradients. */
  recordBackward(program: Program, images: Slice, gradients: Slice): void {
    const dx = this.#recordBackwardToFirst(program, gradients);
    this.#convs[0].recordWeightGradient(program, images, dx, this.#weight(0, gradients));
  }

  /** Records the images' gradient alone: what the generator learns from. */
  recordInputGradient(program: Program): void {
    const dx = this.#recordBackwardToFirst(program);
    this.#convs[0].recordUp(program, dx, this.#weight(0), this.dImages);
  }

  /** Backward down to the first convolution's output; returns where its gradient stands. */
  #recordBackwardToFirst(program: Program, gradients?: Slice): Slice {
    const how = gradients ? "write" : "none";
    const [a, b] = this.#gradients;
    recordHeadBackward(
      program,
      this.#headShape,
      this.#y.at(-1)!,
      this.#head().weight,
      this.dScores,
      b,
      how,
      this.#head(gradients),
    );
    for (let i = this.#stages.length - 1; i >= 0; i--) {
      const stage = this.#stages[i];
      const into = this.#normParameters(stage, gradients);
      const target = this.#convs[i + 1].smallTarget(this.#gpu, a);
      stage.norm.recordBackward(program, stage.x, b, target, how, into);
      if (gradients) {
        const weight = this.#weight(i + 1, gradients);
        this.#convs[i + 1].recordWeightGradient(program, this.#y[i], a, weight);
      }
      this.#convs[i + 1].recordUp(program, a, this.#weight(i + 1), b);
    }
    const count = this.#y[0].size / 4;
    const target = this.#convs[0].smallTarget(this.#gpu, a);
    recordActivationBackward(program, "leaky_relu", this.#y[0], b, target, count);
    return a;
  }

  /** Frees the buffers; the weights are not its own. */
  destroy(): void {
    for (const { buffer } of this.#own) buffer.destroy();
    for (const { norm } of this.#stages) norm.destroy();
    this.#workspace.destroy();
  }
}
