/**
 * The 4x4 convolution with stride 2 and padding 1, between a big side [B, 2H, 2W, big] and a small
 * side [B, H, W, small], weights [tap][big][small], tap = 4 * row + column. Three products serve
 * both networks, forward and backward:
 *
 * - down, big to small: the discriminator's forward, the generator's input gradient;
 * - up, small to big: the generator's forward, the discriminator's input gradient;
 * - weight gradient, from both sides.
 *
 * @module
 */

import downSource from "../../shaders/down_direct.wgsl" with { type: "text" };
import sumSource from "../../shaders/sum_splits.wgsl" with { type: "text" };
import upSource from "../../shaders/up_direct.wgsl" with { type: "text" };
import weightGradientSource from "../../shaders/weight_gradient_direct.wgsl" with { type: "text" };
import { makeBuffer, type Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import type { Constants } from "../gpu/template.ts";
import type { Activation } from "./activation.ts";

/** A convolution's sizes; channels are multiples of 4. */
export interface ConvShape {
  /** Pictures. */
  readonly batch: number;
  /** Rows of the small side; the big side has twice as many. */
  readonly height: number;
  /** Columns of the small side; the big side has twice as many. */
  readonly width: number;
  /** Channels of the big side. */
  readonly big: number;
  /** Channels of the small side. */
  readonly small: number;
}

/** Floating-point operations of any of the three products. */
export function convFlops({ batch, height, width, big, small }: ConvShape): number {
  return 2 * batch * height * width * 16 * big * small;
}

/** Bytes any of the three products must move once: both sides and the weights. */
export function convBytes({ batch, height, width, big, small }: ConvShape): number {
  return 4 * (batch * height * width * (4 * big + small) + 16 * big * small);
}

/** One convolution layer: its scratch on the GPU, and the recording of its products. */
export class Conv {
  /** The sizes. */
  readonly shape: ConvShape;
  readonly #gpu: Gpu;
  readonly #constants: Constants;
  #partial: Slice | undefined;

  /** Prepares a layer. */
  constructor(gpu: Gpu, shape: ConvShape) {
    this.#gpu = gpu;
    this.shape = shape;
    const { batch, height, width, big, small } = shape;
    this.#constants = { BATCH: batch, HEIGHT: height, WIDTH: width, BIG: big, SMALL: small };
  }

  get #cost(): { flops: number; bytes: number } {
    return { flops: convFlops(this.shape), bytes: convBytes(this.shape) };
  }

  /** Records `small` = activation(convolution of `big`). */
  recordDown(
    program: Program,
    big: Slice,
    weight: Slice,
    small: Slice,
    activation: Activation = "none",
  ): void {
    const { batch, height, width } = this.shape;
    const rows = 4;
    const kernel = makeKernel(this.#gpu, "down", downSource, {
      ...this.#constants,
      ROWS: rows,
      ACTIVATION: activation,
    });
    const threads = this.shape.small / 4 * Math.ceil(batch * height * width / rows);
    program.dispatch(kernel, [big, weight, small], linearGrid(threads, 64), this.#cost);
  }

  /** Records `big` = activation(transposed convolution of `small`). */
  recordUp(
    program: Program,
    small: Slice,
    weight: Slice,
    big: Slice,
    activation: Activation = "none",
  ): void {
    const { batch, height, width } = this.shape;
    const rows = 4;
    const kernel = makeKernel(this.#gpu, "up", upSource, {
      ...this.#constants,
      ROWS: rows,
      ACTIVATION: activation,
    });
    const threads = this.shape.big * Math.ceil(batch * height * width / rows);
    program.dispatch(kernel, [small, weight, big], linearGrid(threads, 64), this.#cost);
  }

  /** Records `gradient` (+)= the weights' gradient [tap][big][small] from both sides. */
  recordWeightGradient(
    program: Program,
    big: Slice,
    small: Slice,
    gradient: Slice,
    accumulate: boolean,
  ): void {
    const { batch, height, width } = this.shape;
    const rows = batch * height * width;
    const count = 16 * this.shape.big * this.shape.small;
    // Enough threads to fill a GPU: split the sum over pixels where the weights are few.
    const splits = Math.max(1, Math.min(16, Math.ceil(65536 * 16 / count), Math.ceil(rows / 32)));
    const splitRows = Math.ceil(rows / splits);
    this.#partial ??= makeBuffer(this.#gpu, "weight gradient shares", splits * count);
    const kernel = makeKernel(this.#gpu, "weight gradient", weightGradientSource, {
      ...this.#constants,
      SPLITS: splits,
      SPLIT_ROWS: splitRows,
    });
    program.dispatch(
      kernel,
      [big, small, this.#partial],
      linearGrid(splits * count / 16, 64),
      this.#cost,
    );
    const sum = makeKernel(this.#gpu, "weight gradient sum", sumSource, {
      COUNT: count,
      SPLITS: splits,
      ACCUMULATE: accumulate,
    });
    program.dispatch(sum, [this.#partial, gradient], linearGrid(count / 4, 64), {
      bytes: 4 * (splits + 1) * count,
    });
  }

  /** Frees the scratch. */
  destroy(): void {
    this.#partial?.buffer.destroy();
  }
}
