/**
 * Pictures between PyTorch's order, planes [N, C, S, S], and the kernels', pixels [N, S, S, 4].
 * Grey is one plane for PyTorch, the first of four channels for the kernels, and three equal planes
 * for whoever looks at pictures.
 *
 * @module
 */

import { type Channels, IMAGE_CHANNELS } from "./layers.ts";

/** Planes [N, channels, S, S] to pixels [N, S, S, 4], zero in the channels that there are not. */
export function planesToPixels(
  planes: Float32Array,
  size: number,
  channels: Channels = 3,
): Float32Array<ArrayBuffer> {
  const area = size * size;
  const count = planes.length / (channels * area);
  const pixels = new Float32Array(count * area * IMAGE_CHANNELS);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < area; p++) {
        pixels[(n * area + p) * IMAGE_CHANNELS + c] = planes[(n * channels + c) * area + p];
      }
    }
  }
  return pixels;
}

/**
 * The first `count` pictures of pixels [N, S, S, 4] as planes [count, 3, S, S]; those of one channel
 * have three equal ones.
 */
export function pixelsToPlanes(
  pixels: Float32Array,
  count: number,
  size: number,
  channels: Channels = 3,
): Float32Array<ArrayBuffer> {
  const area = size * size;
  const planes = new Float32Array(count * 3 * area);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < 3; c++) {
      for (let p = 0; p < area; p++) {
        planes[(n * 3 + c) * area + p] = pixels[(n * area + p) * IMAGE_CHANNELS + c % channels];
      }
    }
  }
  return planes;
}
