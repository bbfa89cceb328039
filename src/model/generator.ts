/**
 * The generator: noise [B, nz] to pictures [B, size, size, 4].
 *
 * A matrix product makes 4x4 feature maps; transposed convolutions, each behind batch norm and ReLU,
 * double them and halve their channels; the last one and tanh give the colours (layers.ts).
 *
 * @module
 */

import { makeBuffer, type Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Program } from "../gpu/program.ts";
import { recordActivationBackward } from "../ops/activation.ts";
import { Conv } from "../ops/conv/conv.ts";
import { Workspace } from "../ops/conv/workspace.ts";
import { type DenseShape, recordDense, recordDenseWeightGradient } from "../ops/dense.ts";
import { BatchNorm } from "../ops/batch_norm.ts";
import { recordEvenTaps } from "../ops/even_taps.ts";
import {
  type Architecture,
  convShape,
  generatorLayers,
  IMAGE_CHANNELS,
  layersOf,
  SMALLEST,
} from "./layers.ts";
import type { NetworkState } from "./network_state.ts";

/** A stage: what a product wrote, its normalisation, and what comes out behind the ReLU. */
interface Stage {
  readonly norm: BatchNorm;
  readonly normName: string;
  readonly x: Slice;
  readonly y: Slice;
}

/** The generator for one batch size, over weights that it does not own. */
export class Generator {
  /** The noise it draws from, [B, nz]. */
  readonly noise: Slice;
  /** The pictures it draws, [B, size, size, 4], values in (-1, 1). */
  readonly images: Slice;
  /** Pictures in a batch. */
  readonly batch: number;
  readonly #gpu: Gpu;
  readonly #state: NetworkState;
  readonly #dense: DenseShape;
  readonly #stages: readonly Stage[];
  readonly #convs: readonly Conv[];
  readonly #convNames: readonly string[];
  readonly #workspace: Workspace;
  #gradientWorkspace: readonly [Slice, Slice] | undefined;
  readonly #own: Slice[] = [];

  /**
   * Makes the buffers between the layers, and that of the pictures unless it is given; `half` rounds the
   * operands of convolutions to f16.
   */
  constructor(
    gpu: Gpu,
    state: NetworkState,
    architecture: Architecture,
    batch: number,
    half = false,
    images?: Slice,
  ) {
    this.#gpu = gpu;
    this.#state = state;
    this.batch = batch;
    this.#workspace = new Workspace(gpu);
    const layers = generatorLayers(architecture);
    const [project] = layersOf(layers, "project");
    const convs = layersOf(layers, "conv");
    const { inputs, channels } = project;
    this.#dense = { batch, inputs, outputs: SMALLEST * SMALLEST * channels };
    this.noise = this.#buffer("noise", batch * inputs);
    const floats = batch * architecture.size ** 2 * IMAGE_CHANNELS;
    this.images = images ?? this.#buffer("generated images", floats);
    this.#stages = layersOf(layers, "norm").map(({ name, pixels, channels }, i): Stage => {
      const floats = batch * pixels * pixels * channels;
      const shape = { batch, height: pixels, width: pixels, channels, slope: 0 };
      return {
        norm: new BatchNorm(gpu, shape),
        normName: name,
        x: this.#buffer(`generator x${i}`, floats),
        y: this.#buffer(`generator y${i}`, floats),
      };
    });
    this.#convs = convs.map((conv) => new Conv(this.#workspace, convShape(conv, batch, half)));
    this.#convNames = convs.map(({ name }) => name);
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

  /** Records noise to images; in training with the batch's statistics, else with the running ones. */
  recordForward(program: Program, mode: "training" | "evaluation"): void {
    const first = this.#stages[0];
    recordDense(program, this.#dense, this.noise, this.#state.slice("main.0.weight"), first.x);
    this.#stages.forEach((stage, i) => {
      const { norm, normName, x, y } = stage;
      const running = this.#state.runningStatistics(normName);
      const parameters = this.#normParameters(stage);
      const target = this.#convs[i].smallTarget(this.#gpu, y);
      if (mode === "training") norm.recordForward(program, x, parameters, running, target);
      else norm.recordEvaluate(program, x, parameters, running, target);
      const next = this.#stages[i + 1];
      this.#convs[i].recordUp(
        program,
        y,
        this.#weight(i),
        next ? next.x : this.images,
        next ? "none" : "tanh",
      );
    });
  }

  /**
   * Records the gradients of all parameters into `gradients` (laid out as the parameters) from the
   * gradient `dImages` of the last forward pass's images.
   */
  recordBackward(program: Program, dImages: Slice, gradients: Slice): void {
    const largest = Math.max(
      this.images.size / 4,
      ...this.#stages.map(({ x }) => x.size / 4),
    );
    this.#gradientWorkspace ??= [
      this.#buffer("generator gradient a", largest),
      this.#buffer("generator gradient b", largest),
    ];
    const [a, b] = this.#gradientWorkspace;
    // Before each layer's backward pass, where its products look for the gradient behind it.
    const target = (conv?: Conv) => conv ? conv.bigTarget(this.#gpu, a) : a;
    const last = target(this.#convs.at(-1));
    recordActivationBackward(program, "tanh", this.images, dImages, last, this.images.size / 4);
    for (let i = this.#stages.length - 1; i >= 0; i--) {
      const stage = this.#stages[i];
      const into = this.#normParameters(stage, gradients);
      this.#convs[i].recordWeightGradient(program, a, stage.y, this.#weight(i, gradients));
      this.#convs[i].recordDown(program, a, this.#weight(i), b);
      const before = target(this.#convs[i - 1]);
      stage.norm.recordBackward(program, stage.x, b, before, "write", into);
    }
    const weight = this.#state.slice("main.0.weight", gradients);
    recordDenseWeightGradient(program, this.#dense, this.noise, a, weight);
  }

  /** Records putting the weights back among those that draw no checkerboard. */
  recordEvenTaps(program: Program): void {
    for (const name of this.#convNames) {
      recordEvenTaps(program, this.#state.slice(`${name}.weight`));
    }
  }

  /** Frees the buffers; the weights are not its own. */
  destroy(): void {
    for (const { buffer } of this.#own) buffer.destroy();
    for (const { norm } of this.#stages) norm.destroy();
    this.#workspace.destroy();
  }
}
