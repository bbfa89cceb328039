/**
 * Pictures with transparency, put over a background.
 *
 * @module
 */

import type { RgbImage } from "./image.ts";

/** Pictures of more pixels are spared a second copy. */
const LARGE = 2 ** 24;

/**
 * RGBA over a background. A picture of more than {@linkcode LARGE} pixels is shrunk by a whole factor
 * on the way, each pixel the mean of a square, leaving both sides at least `minSide`.
 */
export function overBackground(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  background: readonly number[],
  minSide: number,
): RgbImage {
  const factor = Math.floor(Math.min(width, height) / minSide);
  return width * height > LARGE && factor > 1
    ? shrink(rgba, width, height, factor, background)
    : { width, height, data: flatten(rgba, background) };
}

/** RGBA over a background. */
function flatten(
  rgba: Uint8Array | Uint8ClampedArray,
  background: readonly number[],
): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  const [red, green, blue] = background;
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3];
    if (alpha === 255) {
      rgb[to] = rgba[from];
      rgb[to + 1] = rgba[from + 1];
      rgb[to + 2] = rgba[from + 2];
    } else {
      const behind = 255 - alpha;
      rgb[to] = (rgba[from] * alpha + red * behind + 127) / 255;
      rgb[to + 1] = (rgba[from + 1] * alpha + green * behind + 127) / 255;
      rgb[to + 2] = (rgba[from + 2] * alpha + blue * behind + 127) / 255;
    }
  }
  return rgb;
}

/** RGBA over a background, each pixel the mean of `factor` x `factor`; what is over is cut off. */
function shrink(
  rgba: Uint8Array | Uint8ClampedArray,
  fullWidth: number,
  fullHeight: number,
  factor: number,
  background: readonly number[],
): RgbImage {
  const width = Math.floor(fullWidth / factor);
  const height = Math.floor(fullHeight / factor);
  const data = new Uint8Array(3 * width * height);
  const sums = new Float64Array(3 * width);
  const scale = 1 / (255 * factor * factor);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let row = 0; row < factor; row++) {
      let from = 4 * (y * factor + row) * fullWidth;
      for (let at = 0; at < sums.length; at += 3) {
        for (let k = 0; k < factor; k++, from += 4) {
          const alpha = rgba[from + 3];
          for (let c = 0; c < 3; c++) {
            sums[at + c] += rgba[from + c] * alpha + background[c] * (255 - alpha);
          }
        }
      }
    }
    for (let i = 0; i < sums.length; i++) data[y * sums.length + i] = sums[i] * scale + 0.5;
  }
  return { width, height, data };
}
