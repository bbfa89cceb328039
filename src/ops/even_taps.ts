/**
 * Kernels without a checkerboard.
 *
 * A transposed 4x4 convolution of stride 2 writes even and odd pixels with different taps; where
 * their sums differ, even a flat input comes out as a checkerboard. The kernels without that are
 * exactly those of "resize by two, then convolve 3x3" (Odena et al., "Deconvolution and Checkerboard
 * Artifacts", Distill 2016): a 2x2 box convolved with any 3x3 kernel alternates nowhere, and vice
 * versa. So the network, its kernels and its checkpoints stay as they are; after each update its
 * weights are put back into that space.
 *
 * @module
 */

import source from "../../shaders/even_taps.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";

/** Records the projection of weights [tap][big][small] onto kernels that alternate nowhere. */
export function recordEvenTaps(program: Program, weight: Slice): void {
  const count = weight.size / 4 / 16;
  const kernel = makeKernel(program.gpu, "even taps", source, { COUNT: count });
  program.dispatch(kernel, [weight], linearGrid(count / 4, 64), { bytes: 128 * count });
}

/**
 * The same for weights in PyTorch's order, [small, big, 4, 4], made anew: half of the variance of
 * random weights alternates, so what stays is scaled up to keep it.
 */
export function evenTaps(weight: Float32Array): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(weight);
  const remove = (first: number, stride: number): void => {
    let sum = 0;
    for (let tap = 0; tap < 4; tap++) sum += (tap % 2 ? -1 : 1) * out[first + tap * stride];
    for (let tap = 0; tap < 4; tap++) out[first + tap * stride] -= (tap % 2 ? -1 : 1) * sum / 4;
  };
  for (let kernel = 0; kernel < out.length; kernel += 16) {
    for (let row = 0; row < 4; row++) remove(kernel + 4 * row, 1);
    for (let column = 0; column < 4; column++) remove(kernel + column, 4);
  }
  return out.map((value) => value * 4 / 3); // 9 of 16 dimensions stay
}
