/**
 * PNG, decoded by ImageScript's WebAssembly: every colour type, depth and interlacing.
 *
 * @module
 */

import { imagescriptPng } from "../deps/codecs.js";
import type { RgbImage } from "./image.ts";
import { PhotoError } from "./photo_error.ts";

interface ImagescriptPng {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  walloc(size: number): number;
  wfree(pointer: number): void;
  width(): number;
  height(): number;
  decode(bytes: number, length: number): number;
}

/** WebAssembly memory only grows: beyond this much it is given back by starting afresh. */
const KEEP_BYTES = 64 * 2 ** 20;

/** Pictures of more pixels are spared a second copy. */
const LARGE = 2 ** 24;

/** A PNG decoder; make another after a `WebAssembly.RuntimeError`. */
export class PngDecoder {
  #png: ImagescriptPng | undefined;

  /**
   * Decodes a file, transparent pixels over `background`. A picture of more than
   * {@linkcode LARGE} pixels is shrunk by a whole factor on the way, each pixel the mean of a
   * square, leaving both sides at least `minSide`: its pixels are then in memory only once.
   *
   * @throws {PhotoError} If the file is damaged or has more than `maxPixels` pixels.
   */
  decode(
    bytes: Uint8Array,
    background: readonly number[],
    minSide: number,
    maxPixels: number,
  ): RgbImage {
    if (bytes.length < 33) throw new PhotoError("it is cut short: its PNG header is missing");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const width = view.getUint32(16);
    const height = view.getUint32(20);
    PhotoError.checkSize(width, height, maxPixels);
    const png = this.#png ?? this.#start();
    try {
      const input = png.walloc(bytes.length);
      new Uint8Array(png.memory.buffer, input, bytes.length).set(bytes);
      const output = png.decode(input, bytes.length);
      png.wfree(input);
      // The decoder's status is negative for errors, but an address beyond 2 GiB is, too.
      if (output < 0 && output > -1024) throw new PhotoError(damage(bytes));
      const rgba = new Uint8Array(png.memory.buffer, output >>> 0, 4 * width * height);
      const factor = Math.floor(Math.min(width, height) / minSide);
      const image = width * height > LARGE && factor > 1
        ? shrink(rgba, width, height, factor, background)
        : { width, height, data: flatten(rgba, background) };
      png.wfree(output);
      return image;
    } catch (error) {
      if (!(error instanceof PhotoError)) this.#png = undefined;
      throw error;
    } finally {
      if (png.memory.buffer.byteLength > KEEP_BYTES) this.#png = undefined;
    }
  }

  #start(): ImagescriptPng {
    const imports = { env: { emscripten_notify_memory_growth: () => {} } };
    const { exports } = new WebAssembly.Instance(imagescriptPng, imports);
    this.#png = exports as unknown as ImagescriptPng;
    this.#png._initialize();
    return this.#png;
  }
}

/** What is wrong with a file that the decoder refused. */
function damage(bytes: Uint8Array): string {
  const end = new TextDecoder("latin1").decode(bytes.subarray(-64));
  return end.includes("IEND")
    ? "its PNG data is damaged"
    : "it is cut short: the end of its PNG data is missing";
}

/** RGBA over a background. */
function flatten(rgba: Uint8Array, background: readonly number[]): Uint8Array<ArrayBuffer> {
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
  rgba: Uint8Array,
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
