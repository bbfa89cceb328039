/**
 * Batch normalisation with its activation, forward and backward, as PyTorch computes it: eps 1e-5,
 * momentum 0.1, running variance unbiased (Ioffe and Szegedy, ICML 2015).
 *
 * Forward takes three kernels: statistics of chunks of rows, their merge into y = (x - mean) * scale + beta,
 * and its application together with the activation (channel_affine.ts). Backward takes three likewise.
 *
 * @module
 */

import backwardFinishSource from "../../shaders/batch_norm_backward_finish.wgsl" with {
  type: "text",
};
import sizesSource from "../../shaders/channel_affine_sizes.wgsl" with { type: "text" };
import finishSource from "../../shaders/batch_norm_finish.wgsl" with { type: "text" };
import statisticsSource from "../../shaders/batch_norm_statistics.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import { ChannelAffine, type ChannelAffineShape } from "./channel_affine.ts";
import type { FeatureMapTarget } from "./feature_maps.ts";
import type { Gradients } from "./gradients.ts";

/** A normalisation's parameters, or their gradients: [channels] each. */
export interface BatchNormParameters {
  /** Scale. */
  readonly gamma: Slice;
  /** Shift. */
  readonly beta: Slice;
}

/** One normalisation layer's workspace on the GPU, and the recording of its passes. */
export class BatchNorm {
  readonly #affine: ChannelAffine;

  /**
   * Makes the workspace for one layer. Groups of the batch are normalised each by its own statistics,
   * in turn for the running ones, as if they had come one after another.
   */
  constructor(gpu: Gpu, shape: ChannelAffineShape) {
    this.#affine = new ChannelAffine(gpu, "batch norm", shape);
  }

  /** Records y = activation(norm(x)) with the batch's statistics; updates `running` [2, channels]. */
  recordForward(
    program: Program,
    x: Slice,
    { gamma, beta }: BatchNormParameters,
    running: Slice,
    y: FeatureMapTarget,
  ): void {
    const { partial, folded, sizes, count } = this.#affine;
    this.#affine.recordSums(program, "statistics", statisticsSource, [x, partial], 4 * count);
    this.#affine.recordMerge(program, "finish", finishSource, { TRAINING: true }, [
      x,
      partial,
      gamma,
      beta,
      running,
      folded,
      sizes,
    ]);
    this.#affine.recordApply(program, x, y);
  }

  /** Records y = activation(norm(x)) with the running statistics: evaluation mode. */
  recordEvaluate(
    program: Program,
    x: Slice,
    { gamma, beta }: BatchNormParameters,
    running: Slice,
    y: FeatureMapTarget,
  ): void {
    const { folded, sizes, shape } = this.#affine;
    program.dispatch(
      makeKernel(program.gpu, "batch norm fold", sizesSource + finishSource, { TRAINING: false }),
      [gamma, beta, running, folded, sizes],
      linearGrid(shape.channels / 4, 64),
    );
    this.#affine.recordApply(program, x, y);
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
    const { partial, folded, backward, sizes } = this.#affine;
    this.#affine.recordBackwardSums(program, x, dy);
    const constants = { GRADIENTS: gradients };
    this.#affine.recordMerge(program, "backward finish", backwardFinishSource, constants, [
      partial,
      folded,
      backward,
      sizes,
      ...(gradients === "none" ? [] : [into.gamma, into.beta]),
    ]);
    this.#affine.recordBackwardApply(program, x, dy, dx);
  }

  /** Frees the workspace. */
  destroy(): void {
    this.#affine.destroy();
  }
}
