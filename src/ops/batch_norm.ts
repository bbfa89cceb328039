/**
 * Batch normalisation with its activation, forward and backward, as PyTorch computes it: eps 1e-5,
 * momentum 0.1, running variance unbiased (Ioffe and Szegedy, ICML 2015).
 *
 * Forward takes three kernels: statistics of chunks of rows, their merge into y = (x - mean) * scale + beta,
 * and its application together with the activation. Backward takes three likewise, and recomputes
 * the activation's side from x instead of storing it.
 *
 * @module
 */

import applySource from "../../shaders/batch_norm_apply.wgsl" with { type: "text" };
import backwardApplySource from "../../shaders/batch_norm_backward_apply.wgsl" with {
  type: "text",
};
import backwardFinishSource from "../../shaders/batch_norm_backward_finish.wgsl" with {
  type: "text",
};
import backwardSumsSource from "../../shaders/batch_norm_backward_sums.wgsl" with { type: "text" };
import chunkSource from "../../shaders/batch_norm_chunk.wgsl" with { type: "text" };
import finishSource from "../../shaders/batch_norm_finish.wgsl" with { type: "text" };
import sizesSource from "../../shaders/batch_norm_sizes.wgsl" with { type: "text" };
import statisticsSource from "../../shaders/batch_norm_statistics.wgsl" with { type: "text" };
import { makeBuffer, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Constants } from "../gpu/template.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import type { Gradients } from "./gradients.ts";
import {
  type FeatureMapShape,
  type FeatureMapTarget,
  makeFeatureMapKernel,
  targetBinding,
} from "./feature_maps.ts";

/** The pictures' sizes and the activation behind the normalisation. */
export interface BatchNormShape extends FeatureMapShape {
  /** The activation's slope on the negative side: 0 is ReLU. */
  readonly slope: number;
  /**
   * Parts of the batch that are normalised each by its own statistics, in turn for the running ones, as
   * if they had come one after another; default 1. Divides the batch.
   */
  readonly groups?: number;
}

/** A normalisation's parameters, or their gradients: [channels] each. */
export interface BatchNormParameters {
  /** Scale. */
  readonly gamma: Slice;
  /** Shift. */
  readonly beta: Slice;
}

/** One normalisation layer's workspace on the GPU, and the recording of its passes. */
export class BatchNorm {
  /** The sizes. */
  readonly shape: BatchNormShape;
  readonly #partial: Slice;
  readonly #folded: Slice;
  readonly #backward: Slice;
  readonly #sizes: Slice;
  /** Chunks of a group. */
  readonly #chunks: number;
  /** Fours of channels side by side in a workgroup that sums a chunk, where one does. */
  readonly #columns: number;
  /** Pixels a thread normalises. */
  readonly #strip: number;
  /** Threads that merge four channels' chunks. */
  readonly #mergers: number;

  /** Makes the workspace for one layer. */
  constructor(gpu: Gpu, shape: BatchNormShape) {
    const { batch, height, width, channels, slope, groups = 1 } = shape;
    const pictures = batch / groups;
    const rows = pictures * height * width;
    this.shape = shape;
    const c4 = channels / 4;
    this.#columns = gpu.software ? 1 : Math.min(16, 2 ** Math.floor(Math.log2(c4)));
    // Enough chunks to fill the adapter, few enough for one workgroup or thread to merge them. Any
    // number near this one serves a processor as well; with this one recordings made before they kept
    // off kinks come out on PyTorch's side of them, too (docs/performance.md, "Rounding").
    const most = gpu.software ? 24 : Math.min(256, Math.ceil(512 * this.#columns / c4 / groups));
    const chunkRows = Math.max(16, Math.ceil(rows / most));
    this.#chunks = Math.ceil(rows / chunkRows);
    this.#mergers = gpu.software ? 1 : 64;
    // GPUs want many threads; processors want few loads.
    this.#strip = gpu.software ? [8, 4, 2].find((strip) => width % strip === 0) ?? 1 : 1;
    this.#partial = makeBuffer(gpu, "norm partial sums", 2 * channels * this.#chunks * groups);
    this.#folded = makeBuffer(gpu, "norm coefficients", 4 * channels * groups);
    this.#backward = makeBuffer(gpu, "batch norm backward coefficients", 3 * channels * groups);
    this.#sizes = makeBuffer(gpu, "norm sizes", 11);
    const words = new Uint32Array(11);
    words.set([channels / 4, height, width, rows, this.#chunks, chunkRows]);
    new Float32Array(words.buffer).set([slope, 1 / rows, 1 / Math.max(rows - 1, 1)], 6);
    words.set([groups, pictures], 9);
    upload(gpu, this.#sizes, words);
  }

  get #rows(): number {
    const { batch, height, width } = this.shape;
    return batch * height * width;
  }

  /** Constants and grid of the kernels that sum over chunks of pixels. */
  #overChunks(gpu: Gpu): { constants: Constants; grid: [number, number, number] } {
    const { channels, groups = 1 } = this.shape;
    const c4 = channels / 4;
    const chunks = this.#chunks * groups;
    if (gpu.software) {
      return {
        constants: { THREADS: 64, LANES: 1, UNROLL: 1 },
        grid: linearGrid(chunks * c4, 64),
      };
    }
    const threads = 256;
    const columns = this.#columns;
    return {
      constants: { THREADS: threads, COLUMNS: columns, LANES: threads / columns, UNROLL: 4 },
      grid: [Math.ceil(c4 / columns), chunks, 1],
    };
  }

  /** Constants and grid of the kernels that go over all pixels. */
  #overPixels(gpu: Gpu): { constants: Constants; grid: [number, number, number] } {
    const { batch, height, width, channels } = this.shape;
    const across = width / this.#strip * channels / 4;
    // Launching a workgroup costs a processor, and so do idle threads of one.
    const threads = gpu.software && across % 64 !== 0 ? 16 : 64;
    return {
      constants: { STRIP: this.#strip, THREADS: threads },
      grid: [Math.ceil(across / threads), height, batch],
    };
  }

  /** Records y = activation(norm(x)) with the batch's statistics; updates `running` [2, channels]. */
  recordForward(
    program: Program,
    x: Slice,
    { gamma, beta }: BatchNormParameters,
    running: Slice,
    y: FeatureMapTarget,
  ): void {
    const { channels } = this.shape;
    const rows = this.#rows;
    const c4 = channels / 4;
    const { constants, grid } = this.#overChunks(program.gpu);
    const source = sizesSource + chunkSource + statisticsSource;
    program.dispatch(
      makeKernel(program.gpu, "batch norm statistics", source, constants),
      [x, this.#partial, this.#sizes],
      grid,
      { bytes: 4 * rows * channels },
    );
    program.dispatch(
      makeKernel(program.gpu, "batch norm finish", sizesSource + finishSource, {
        THREADS: this.#mergers,
        TRAINING: true,
      }),
      [x, this.#partial, gamma, beta, running, this.#folded, this.#sizes],
      linearGrid(c4 * this.#mergers, 64),
      { bytes: 8 * this.#chunks * channels },
    );
    this.#recordApply(program, x, y);
  }

  /** Records y = activation(norm(x)) with the running statistics: evaluation mode. */
  recordEvaluate(
    program: Program,
    x: Slice,
    { gamma, beta }: BatchNormParameters,
    running: Slice,
    y: FeatureMapTarget,
  ): void {
    const c4 = this.shape.channels / 4;
    program.dispatch(
      makeKernel(program.gpu, "batch norm fold", sizesSource + finishSource, { TRAINING: false }),
      [gamma, beta, running, this.#folded, this.#sizes],
      linearGrid(c4, 64),
    );
    this.#recordApply(program, x, y);
  }

  #recordApply(program: Program, x: Slice, y: FeatureMapTarget): void {
    const { channels } = this.shape;
    const rows = this.#rows;
    const { constants, grid } = this.#overPixels(program.gpu);
    const source = sizesSource + applySource;
    program.dispatch(
      makeFeatureMapKernel(program.gpu, "batch norm apply", source, constants, y, 2),
      [x, this.#folded, targetBinding(y), this.#sizes],
      grid,
      { bytes: 8 * rows * channels },
    );
  }

  /**
   * Records the gradient `dx` from the gradient `dy` behind the activation, for the x of the last
   * forward pass; and the gradients of gamma and beta as `gradients` says.
   */
  recordBackward(
    program: Program,
    x: Slice,
    dy: Slice,
    dx: FeatureMapTarget,
    gradients: Gradients,
    into: BatchNormParameters,
  ): void {
    const { channels } = this.shape;
    const rows = this.#rows;
    const c4 = channels / 4;
    const chunks = this.#overChunks(program.gpu);
    const sums = sizesSource + chunkSource + backwardSumsSource;
    program.dispatch(
      makeKernel(program.gpu, "batch norm backward sums", sums, chunks.constants),
      [x, this.#folded, dy, this.#partial, this.#sizes],
      chunks.grid,
      { bytes: 8 * rows * channels },
    );
    program.dispatch(
      makeKernel(program.gpu, "batch norm backward finish", sizesSource + backwardFinishSource, {
        THREADS: this.#mergers,
        GRADIENTS: gradients,
      }),
      [
        this.#partial,
        this.#folded,
        this.#backward,
        this.#sizes,
        ...(gradients === "none" ? [] : [into.gamma, into.beta]),
      ],
      linearGrid(c4 * this.#mergers, 64),
      { bytes: 8 * this.#chunks * channels },
    );
    const { constants, grid } = this.#overPixels(program.gpu);
    const source = sizesSource + backwardApplySource;
    program.dispatch(
      makeFeatureMapKernel(program.gpu, "batch norm backward apply", source, constants, dx, 4),
      [x, this.#folded, dy, this.#backward, targetBinding(dx), this.#sizes],
      grid,
      { bytes: 12 * rows * channels },
    );
  }

  /** Frees the workspace. */
  destroy(): void {
    for (const { buffer } of [this.#partial, this.#folded, this.#backward, this.#sizes]) {
      buffer.destroy();
    }
  }
}
