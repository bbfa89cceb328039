/**
 * Pictures between PyTorch's order, planes [N, 3, S, S], and the kernels', pixels [N, S, S, 4].
 *
 * @module
 */

import { IMAGE_CHANNELS } from "./layers.ts";

/** Planes [N, 3, S, S] to pixels [N, S, S, 4] with a zero fourth channel. */
export function planesToPixels(planes: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const area = size * size;
  const count = planes.length / (3 * area);
  const pixels = new Float32Array(count * area * IMAGE_CHANNELS);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < 3; c++) {
      for (let p = 0; p < area; p++) {
        pixels[(n * area + p) * IMAGE_CHANNELS + c] = planes[(n * 3 + c) * area + p];
      }
    }
  }
  return pixels;
}

/** The first `count` pictures of pixels [N, S, S, 4] as planes [count, 3, S, S]. */
export function pixelsToPlanes(
  pixels: Float32Array,
  count: number,
  size: number,
): Float32Array<ArrayBuffer> {
  const area = size * size;
  const planes = new Float32Array(count * 3 * area);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < 3; c++) {
      for (let p = 0; p < area; p++) {
        planes[(n * 3 + c) * area + p] = pixels[(n * area + p) * IMAGE_CHANNELS + c];
      }
    }
  }
  return planes;
}
