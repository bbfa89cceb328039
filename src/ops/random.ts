/**
 * Inputs made on the GPU: noise from the step's number, photos from bytes to numbers.
 *
 * @module
 */

import diceSource from "../../shaders/dice.wgsl" with { type: "text" };
import imagesSource from "../../shaders/images.wgsl" with { type: "text" };
import noiseSource from "../../shaders/noise.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, type Program } from "../gpu/program.ts";
import { Purpose } from "../random.ts";
import type { StepUniform } from "./step_uniform.ts";

/** Records filling `noise` with `count` normal numbers, `fillNormal(seed, Noise, step)`. */
export function recordNoise(
  program: Program,
  step: StepUniform,
  noise: Slice,
  count: number,
): void {
  const kernel = makeKernel(program.gpu, "noise", diceSource + noiseSource, {
    COUNT: count,
    PURPOSE: Purpose.Noise,
  });
  program.dispatch(kernel, [step.slice, noise], linearGrid(count / 4, 64), { bytes: 4 * count });
}

/**
 * Records turning `pixels` photos' pixels, uint8 [pixel][3], into float [pixel][4] in [-1, 1], the
 * fourth channel zero; with one channel, their luma (Rec. 601) and three zeros.
 */
export function recordNormaliseImages(
  program: Program,
  bytes: Slice,
  images: Slice,
  pixels: number,
  channels: 1 | 3 = 3,
): void {
  const constants = { PIXELS: pixels, GREY: channels === 1 ? 1 : 0 };
  const kernel = makeKernel(program.gpu, "images", imagesSource, constants);
  program.dispatch(kernel, [bytes, images], linearGrid(pixels / 4, 64), { bytes: 19 * pixels });
}
