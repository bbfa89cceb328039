/**
 * y = activation((x - mean) * scale + beta), channel by channel, and its way back: what batch
 * normalisation and a bias have in common. Whoever owns one decides the coefficients.
 *
 * Backward recomputes the activation's side from x instead of storing it.
 *
 * @module
 */

import applySource from "../../shaders/channel_affine_apply.wgsl" with { type: "text" };
import backwardApplySource from "../../shaders/channel_affine_backward_apply.wgsl" with {
  type: "text",
};
import backwardSumsSource from "../../shaders/channel_affine_backward_sums.wgsl" with {
  type: "text",
};
import chunkSource from "../../shaders/channel_affine_chunk.wgsl" with { type: "text" };
import mergeSource from "../../shaders/channel_affine_merge.wgsl" with { type: "text" };
import sizesSource from "../../shaders/channel_affine_sizes.wgsl" with { type: "text" };
import { makeBuffer, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Constants } from "../gpu/template.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import {
  type FeatureMapShape,
  type FeatureMapTarget,
  makeFeatureMapKernel,
  targetBinding,
} from "./feature_maps.ts";

/** The pictures' sizes and the activation. */
export interface ChannelAffineShape extends FeatureMapShape {
  /** The activation's slope on the negative side: 0 is ReLU. */
  readonly slope: number;
  /** Parts of the batch that have coefficients of their own; default 1. Divides the batch. */
  readonly groups?: number;
}

/** Workspace of one layer on the GPU, and the recording of what its owner does not decide. */
export class ChannelAffine {
  /** The sizes. */
  readonly shape: ChannelAffineShape;
  /** The coefficients, [group][scale, beta, mean, 1/std][channels]; the last is for the owner alone. */
  readonly folded: Slice;
  /** Those of dx = a * g + b * x + c, [group][a, b, c][channels], g standing before the activation. */
  readonly backward: Slice;
  /** Two sums of each chunk of rows, [group][chunk][2][channels]. */
  readonly partial: Slice;
  /** The sizes as kernels read them. */
  readonly sizes: Slice;
  /** Chunks of a group. */
  readonly chunks: number;
  /** Threads that merge four channels' chunks. */
  readonly #mergers: number;
  readonly #name: string;
  /** Fours of channels side by side in a workgroup that sums a chunk, where one does. */
  readonly #columns: number;
  /** Pixels a thread takes in a row. */
  readonly #strip: number;

  /** Makes the workspace; `name` begins the kernels' labels. */
  constructor(gpu: Gpu, name: string, shape: ChannelAffineShape) {
    const { batch, height, width, channels, slope, groups = 1 } = shape;
    const pictures = batch / groups;
    const rows = pictures * height * width;
    this.#name = name;
    this.shape = shape;
    const c4 = channels / 4;
    this.#columns = gpu.software ? 1 : Math.min(16, 2 ** Math.floor(Math.log2(c4)));
    // Enough chunks to fill the adapter, few enough for one workgroup or thread to merge them. Any
    // number near this one serves a processor as well; with this one recordings made before they kept
    // off kinks come out on PyTorch's side of them, too (docs/performance.md, "Rounding").
    const most = gpu.software ? 24 : Math.min(256, Math.ceil(512 * this.#columns / c4 / groups));
    const chunkRows = Math.max(16, Math.ceil(rows / most));
    this.chunks = Math.ceil(rows / chunkRows);
    this.#mergers = gpu.software ? 1 : 64;
    // GPUs want many threads; processors want few loads.
    this.#strip = gpu.software ? [8, 4, 2].find((strip) => width % strip === 0) ?? 1 : 1;
    this.partial = makeBuffer(gpu, `${name} partial sums`, 2 * channels * this.chunks * groups);
    this.folded = makeBuffer(gpu, `${name} coefficients`, 4 * channels * groups);
    this.backward = makeBuffer(gpu, `${name} backward coefficients`, 3 * channels * groups);
    this.sizes = makeBuffer(gpu, `${name} sizes`, 11);
    const words = new Uint32Array(11);
    words.set([channels / 4, height, width, rows, this.chunks, chunkRows]);
    new Float32Array(words.buffer).set([slope, 1 / rows, 1 / Math.max(rows - 1, 1)], 6);
    words.set([groups, pictures], 9);
    upload(gpu, this.sizes, words);
  }

  /** Numbers in all pictures. */
  get count(): number {
    const { batch, height, width, channels } = this.shape;
    return batch * height * width * channels;
  }

  /**
   * Records a kernel that makes two sums over chunks of rows, reading so many bytes; `sizes` is its last
   * binding.
   */
  recordSums(
    program: Program,
    what: string,
    source: string,
    bindings: readonly Slice[],
    bytes: number,
  ): void {
    const { constants, grid } = this.#overChunks(program.gpu);
    program.dispatch(
      makeKernel(
        program.gpu,
        `${this.#name} ${what}`,
        sizesSource + chunkSource + source,
        constants,
      ),
      [...bindings, this.sizes],
      grid,
      { bytes },
    );
  }

  /** Records a kernel that merges the chunks' sums (channel_affine_merge.wgsl). */
  recordMerge(
    program: Program,
    what: string,
    source: string,
    constants: Constants,
    bindings: readonly Slice[],
  ): void {
    const { channels } = this.shape;
    program.dispatch(
      makeKernel(program.gpu, `${this.#name} ${what}`, sizesSource + mergeSource + source, {
        THREADS: this.#mergers,
        ...constants,
      }),
      bindings,
      linearGrid(channels / 4 * this.#mergers, 64),
      { bytes: 8 * this.chunks * channels },
    );
  }

  /** Constants and grid of the kernels that sum over chunks of pixels. */
  #overChunks(gpu: Gpu): { constants: Constants; grid: [number, number, number] } {
    const { channels, groups = 1 } = this.shape;
    const c4 = channels / 4;
    const chunks = this.chunks * groups;
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

  /** Records y from x by the coefficients as they then are. */
  recordApply(program: Program, x: Slice, y: FeatureMapTarget): void {
    const { constants, grid } = this.#overPixels(program.gpu);
    const source = sizesSource + applySource;
    program.dispatch(
      makeFeatureMapKernel(program.gpu, `${this.#name} apply`, source, constants, y, 2),
      [x, this.folded, targetBinding(y), this.sizes],
      grid,
      { bytes: 8 * this.count },
    );
  }

  /** Records the chunks' sums of g, the gradient before the activation, and of g * (x - mean). */
  recordBackwardSums(program: Program, x: Slice, dy: Slice): void {
    const bindings = [x, this.folded, dy, this.partial];
    this.recordSums(program, "backward sums", backwardSumsSource, bindings, 8 * this.count);
  }

  /** Records dx from the gradient `dy` behind the activation by the coefficients of its way back. */
  recordBackwardApply(program: Program, x: Slice, dy: Slice, dx: FeatureMapTarget): void {
    const { constants, grid } = this.#overPixels(program.gpu);
    const source = sizesSource + backwardApplySource;
    program.dispatch(
      makeFeatureMapKernel(program.gpu, `${this.#name} backward apply`, source, constants, dx, 4),
      [x, this.folded, dy, this.backward, targetBinding(dx), this.sizes],
      grid,
      { bytes: 12 * this.count },
    );
  }

  /** Frees the workspace. */
  destroy(): void {
    for (const { buffer } of [this.partial, this.folded, this.backward, this.sizes]) {
      buffer.destroy();
    }
  }
}
