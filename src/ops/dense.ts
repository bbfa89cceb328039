/**
 * The two layers that are no convolution: the generator's first (noise to 4x4 pictures, a matrix
 * product) and the discriminator's head (one score from all features).
 *
 * @module
 */

import sumSource from "../../shaders/compensated_sum.wgsl" with { type: "text" };
import denseSource from "../../shaders/dense.wgsl" with { type: "text" };
import denseGradientSource from "../../shaders/dense_weight_gradient.wgsl" with { type: "text" };
import headSource from "../../shaders/head.wgsl" with { type: "text" };
import headBackwardSource from "../../shaders/head_backward.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import type { Gradients } from "./gradients.ts";

/** A matrix product's sizes: [batch, inputs] x [inputs, outputs]; both multiples of 4. */
export interface DenseShape {
  /** Rows. */
  readonly batch: number;
  /** Length of an input row. */
  readonly inputs: number;
  /** Length of an output row. */
  readonly outputs: number;
}

const dims = ({ batch, inputs, outputs }: DenseShape) => ({ BATCH: batch, K: inputs, N: outputs });

/** Records y [B, N] = x [B, K] * weight [K, N]. */
export function recordDense(
  program: Program,
  shape: DenseShape,
  x: Slice,
  weight: Slice,
  y: Slice,
): void {
  const { batch, inputs, outputs } = shape;
  const kernel = makeKernel(program.gpu, "dense", denseSource + sumSource, dims(shape));
  program.dispatch(
    kernel,
    [x, weight, y],
    linearGrid(outputs / 4 * Math.ceil(batch / 4), 64),
    {
      flops: 2 * batch * inputs * outputs,
      bytes: 4 * (batch * inputs + inputs * outputs + batch * outputs),
    },
  );
}

/** Records dWeight [K, N] = x [B, K] transposed * dy [B, N]. */
export function recordDenseWeightGradient(
  program: Program,
  shape: DenseShape,
  x: Slice,
  dy: Slice,
  dWeight: Slice,
): void {
  const { batch, inputs, outputs } = shape;
  const kernel = makeKernel(
    program.gpu,
    "dense weight gradient",
    denseGradientSource,
    dims(shape),
  );
  program.dispatch(kernel, [x, dy, dWeight], linearGrid(outputs / 4 * inputs / 4, 64), {
    flops: 2 * batch * inputs * outputs,
    bytes: 4 * (batch * inputs + inputs * outputs + batch * outputs),
  });
}

/** What the head works on. */
export interface HeadShape {
  /** Pictures. */
  readonly batch: number;
  /** Parts of the batch whose gradients are summed apart. */
  readonly groups: number;
  /** Features of a picture, a multiple of 4. */
  readonly features: number;
}

/** Weight and bias of the head, or their gradients. */
export interface HeadParameters {
  /** [features], in NHWC order. */
  readonly weight: Slice;
  /** One number. */
  readonly bias: Slice;
}

/** Records scores [B] = x [B, features] . weight + bias. */
export function recordHead(
  program: Program,
  { batch, features }: HeadShape,
  x: Slice,
  { weight, bias }: HeadParameters,
  scores: Slice,
): void {
  const kernel = makeKernel(program.gpu, "head", headSource, { F4: features / 4 });
  program.dispatch(kernel, [x, weight, bias, scores], [batch, 1, 1], {
    flops: 2 * batch * features,
    bytes: 4 * (batch * features + features),
  });
}

/**
 * Records dx [B, features] and, of `groups` parts of the batch summed apart, unless `gradients` is "none", the head's own gradients.
 */
export function recordHeadBackward(
  program: Program,
  { batch, groups, features }: HeadShape,
  x: Slice,
  weight: Slice,
  dScores: Slice,
  dx: Slice,
  gradients: Gradients,
  into: HeadParameters,
): void {
  const kernel = makeKernel(program.gpu, "head backward", headBackwardSource, {
    BATCH: batch,
    LOOPED: program.gpu.software,
    GROUPS: groups,
    F4: features / 4,
    GRADIENTS: gradients,
  });
  const own = gradients === "none" ? [] : [x, into.weight, into.bias];
  program.dispatch(kernel, [dScores, weight, dx, ...own], linearGrid(features / 4, 64), {
    flops: (gradients === "none" ? 1 : 3) * batch * features,
    bytes: 4 * (gradients === "none" ? 1 : 2) * batch * features,
  });
}
