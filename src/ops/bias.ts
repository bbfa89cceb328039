/**
 * A bias and its activation, forward and backward: y = activation(x + bias), channel by channel.
 *
 * @module
 */

import foldSource from "../../shaders/bias_fold.wgsl" with { type: "text" };
import gradientSource from "../../shaders/bias_gradient.wgsl" with { type: "text" };
import sizesSource from "../../shaders/channel_affine_sizes.wgsl" with { type: "text" };
import { type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import { ChannelAffine, type ChannelAffineShape } from "./channel_affine.ts";
import type { FeatureMapTarget } from "./feature_maps.ts";

/** One layer's bias: its workspace on the GPU, and the recording of its passes. */
export class Bias {
  readonly #affine: ChannelAffine;

  /** Makes the workspace for one layer. */
  constructor(gpu: Gpu, shape: Omit<ChannelAffineShape, "groups">) {
    this.#affine = new ChannelAffine(gpu, "bias", { ...shape, groups: 1 });
    // (x - 0) * 1 + bias, and dx = 1 * g + 0 * x + 0.
    const { folded, backward } = this.#affine;
    const ones = new Float32Array(shape.channels).fill(1);
    upload(gpu, folded, ones);
    upload(gpu, backward, ones);
  }

  /** Records y = activation(x + bias). */
  recordForward(program: Program, x: Slice, bias: Slice, y: FeatureMapTarget): void {
    const { folded, sizes, shape } = this.#affine;
    program.dispatch(
      makeKernel(program.gpu, "bias fold", sizesSource + foldSource),
      [bias, folded, sizes],
      linearGrid(shape.channels / 4, 64),
      { bytes: 8 * shape.channels },
    );
    this.#affine.recordApply(program, x, y);
  }

  /**
   * Records the gradient `dx` from the gradient `dy` behind the activation, for the x of the last
   * forward pass; and the bias's own into `dBias`, if it is given.
   */
  recordBackward(
    program: Program,
    x: Slice,
    dy: Slice,
    dx: FeatureMapTarget,
    dBias: Slice | undefined,
  ): void {
    const { partial, sizes } = this.#affine;
    if (dBias) {
      this.#affine.recordBackwardSums(program, x, dy);
      const bindings = [partial, sizes, dBias];
      this.#affine.recordMerge(program, "gradient", gradientSource, {}, bindings);
    }
    this.#affine.recordBackwardApply(program, x, dy, dx);
  }

  /** Frees the workspace. */
  destroy(): void {
    this.#affine.destroy();
  }
}
