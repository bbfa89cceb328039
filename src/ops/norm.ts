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

import applySource from "../../shaders/norm_apply.wgsl" with { type: "text" };
import backwardApplySource from "../../shaders/norm_backward_apply.wgsl" with { type: "text" };
import backwardFinishSource from "../../shaders/norm_backward_finish.wgsl" with { type: "text" };
import backwardSumsSource from "../../shaders/norm_backward_sums.wgsl" with { type: "text" };
import finishSource from "../../shaders/norm_finish.wgsl" with { type: "text" };
import statisticsSource from "../../shaders/norm_statistics.wgsl" with { type: "text" };
import { makeBuffer, type Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Constants } from "../gpu/template.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import type { Gradients } from "./gradients.ts";
import { makePictureKernel, type PictureTarget, targetBinding } from "./pictures.ts";

/** A normalisation's sizes and the activation behind it. */
export interface NormShape {
  /** Rows: batch * height * width. */
  readonly rows: number;
  /** Channels, a multiple of 4. */
  readonly channels: number;
  /** The activation's slope on the negative side: 0 is ReLU. */
  readonly slope: number;
}

/** A normalisation's parameters, or their gradients: [channels] each. */
export interface NormParameters {
  /** Scale. */
  readonly gamma: Slice;
  /** Shift. */
  readonly beta: Slice;
}

/** One normalisation layer's scratch on the GPU, and the recording of its passes. */
export class Norm {
  /** The sizes. */
  readonly shape: NormShape;
  readonly #partial: Slice;
  readonly #folded: Slice;
  readonly #backward: Slice;
  readonly #constants: Constants;
  readonly #chunks: number;
  /** Rows a thread normalises; a divisor of all rows. */
  readonly #strip: number;
  /** Threads that merge four channels' chunks. */
  readonly #mergers: number;

  /** Makes the scratch for one layer. */
  constructor(gpu: Gpu, shape: NormShape) {
    const { rows, channels, slope } = shape;
    this.shape = shape;
    // Enough chunks to fill the adapter, few enough for one workgroup or thread to merge them.
    const chunkRows = Math.max(16, Math.ceil(rows / (gpu.software ? 64 : 256)));
    this.#mergers = gpu.software ? 1 : 64;
    // GPUs want many threads; processors want few loads.
    this.#strip = gpu.software ? [8, 4, 2].find((strip) => rows % strip === 0) ?? 1 : 1;
    this.#chunks = Math.ceil(rows / chunkRows);
    this.#partial = makeBuffer(gpu, "norm partial sums", 2 * channels * this.#chunks);
    this.#folded = makeBuffer(gpu, "norm coefficients", 4 * channels);
    this.#backward = makeBuffer(gpu, "norm backward coefficients", 3 * channels);
    this.#constants = {
      ROWS: rows,
      C4: channels / 4,
      CHUNKS: this.#chunks,
      CHUNK_ROWS: chunkRows,
      SLOPE: slope,
      STRIP: this.#strip,
      THREADS: this.#mergers,
    };
  }

  /** Records y = activation(norm(x)) with the batch's statistics; updates `running` [2, channels]. */
  recordForward(
    program: Program,
    x: Slice,
    { gamma, beta }: NormParameters,
    running: Slice,
    y: PictureTarget,
  ): void {
    const { rows, channels } = this.shape;
    const c4 = channels / 4;
    program.dispatch(
      makeKernel(program.gpu, "norm statistics", statisticsSource, this.#constants),
      [x, this.#partial],
      linearGrid(this.#chunks * c4, 64),
      { bytes: 4 * rows * channels },
    );
    program.dispatch(
      makeKernel(program.gpu, "norm finish", finishSource, { ...this.#constants, TRAINING: true }),
      [this.#partial, gamma, beta, running, this.#folded],
      linearGrid(c4 * this.#mergers, 64),
      { bytes: 8 * this.#chunks * channels },
    );
    this.#recordApply(program, x, y);
  }

  /** Records y = activation(norm(x)) with the running statistics: evaluation mode. */
  recordEvaluate(
    program: Program,
    x: Slice,
    { gamma, beta }: NormParameters,
    running: Slice,
    y: PictureTarget,
  ): void {
    const c4 = this.shape.channels / 4;
    program.dispatch(
      makeKernel(program.gpu, "norm fold", finishSource, { C4: c4, TRAINING: false }),
      [gamma, beta, running, this.#folded],
      linearGrid(c4, 64),
    );
    this.#recordApply(program, x, y);
  }

  #recordApply(program: Program, x: Slice, y: PictureTarget): void {
    const { rows, channels } = this.shape;
    program.dispatch(
      makePictureKernel(program.gpu, "norm apply", applySource, this.#constants, y, 2),
      [x, this.#folded, targetBinding(y)],
      linearGrid(rows * channels / 4 / this.#strip, 64),
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
    dx: PictureTarget,
    gradients: Gradients,
    into: NormParameters,
  ): void {
    const { rows, channels } = this.shape;
    const c4 = channels / 4;
    program.dispatch(
      makeKernel(program.gpu, "norm backward sums", backwardSumsSource, this.#constants),
      [x, this.#folded, dy, this.#partial],
      linearGrid(this.#chunks * c4, 64),
      { bytes: 8 * rows * channels },
    );
    program.dispatch(
      makeKernel(program.gpu, "norm backward finish", backwardFinishSource, {
        ...this.#constants,
        GRADIENTS: gradients,
      }),
      [
        this.#partial,
        this.#folded,
        this.#backward,
        ...(gradients === "none" ? [] : [into.gamma, into.beta]),
      ],
      linearGrid(c4 * this.#mergers, 64),
      { bytes: 8 * this.#chunks * channels },
    );
    program.dispatch(
      makePictureKernel(
        program.gpu,
        "norm backward apply",
        backwardApplySource,
        this.#constants,
        dx,
        4,
      ),
      [x, this.#folded, dy, this.#backward, targetBinding(dx)],
      linearGrid(rows * channels / 4 / this.#strip, 64),
      { bytes: 12 * rows * channels },
    );
  }

  /** Frees the scratch. */
  destroy(): void {
    for (const { buffer } of [this.#partial, this.#folded, this.#backward]) buffer.destroy();
  }
}
