/**
 * Pictures between PyTorch's order, planes [N, 3, 64, 64], and the kernels', pixels [N, 64, 64, 4].
 *
 * @module
 */

import { IMAGE_CHANNELS } from "./architecture.ts";

const PIXELS = 64 * 64;

/** Planes [N, 3, 64, 64] to pixels [N, 64, 64, 4] with a zero fourth channel. */
export function planesToPixels(planes: Float32Array): Float32Array<ArrayBuffer> {
  const count = planes.length / (3 * PIXELS);
  const pixels = new Float32Array(count * PIXELS * IMAGE_CHANNELS);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < 3; c++) {
      for (let p = 0; p < PIXELS; p++) {
        pixels[(n * PIXELS + p) * IMAGE_CHANNELS + c] = planes[(n * 3 + c) * PIXELS + p];
      }
    }
  }
  return pixels;
}

/** The first `count` pictures of pixels [N, 64, 64, 4] as planes [count, 3, 64, 64]. */
export function pixelsToPlanes(pixels: Float32Array, count: number): Float32Array<ArrayBuffer> {
  const planes = new Float32Array(count * 3 * PIXELS);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < 3; c++) {
      for (let p = 0; p < PIXELS; p++) {
        planes[(n * 3 + c) * PIXELS + p] = pixels[(n * PIXELS + p) * IMAGE_CHANNELS + c];
      }
    }
  }
  return planes;
}
