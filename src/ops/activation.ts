/**
 * Activations that stand alone: those after a batch normalisation are part of batch_norm.ts, and the
 * forward ones part of the convolutions.
 *
 * @module
 */

import source from "../../shaders/activation_backward.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import { type FeatureMapTarget, makeFeatureMapKernel, targetBinding } from "./feature_maps.ts";

/** What a convolution may apply to its result. */
export type Activation = "none" | "leaky_relu" | "tanh";

/** Slope of LeakyReLU on the negative side. */
export const LEAKY_SLOPE = 0.2;

/** Records `result` = `gradient` times the activation's derivative, from the activation's `output`. */
export function recordActivationBackward(
  program: Program,
  activation: Exclude<Activation, "none">,
  output: Slice,
  gradient: Slice,
  result: FeatureMapTarget,
  count: number,
): void {
  const { height, width, channels } = "view" in result
    ? result.shape
    : { height: 1, width: count / 4, channels: 4 };
  const constants = {
    COUNT: count,
    HEIGHT: height,
    WIDTH: width,
    C4: channels / 4,
    ACTIVATION: activation,
    SLOPE: LEAKY_SLOPE,
  };
  const label = `${activation} backward`;
  const kernel = makeFeatureMapKernel(program.gpu, label, source, constants, result, 2);
  program.dispatch(kernel, [output, gradient, targetBinding(result)], linearGrid(count / 4, 64), {
    bytes: 12 * count,
  });
}
