/**
 * Activations that stand alone: those after a batch normalisation are part of norm.ts, and the
 * forward ones part of the convolutions.
 *
 * @module
 */

import source from "../../shaders/activation_backward.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";

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
  result: Slice,
  count: number,
): void {
  const kernel = makeKernel(program.gpu, `${activation} backward`, source, {
    COUNT: count,
    ACTIVATION: activation,
    SLOPE: LEAKY_SLOPE,
  });
  program.dispatch(kernel, [output, gradient, result], linearGrid(count / 4, 64), {
    bytes: 12 * count,
  });
}
