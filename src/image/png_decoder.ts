/**
 * PNG, decoded by ImageScript's WebAssembly: every colour type, depth and interlacing.
 *
 * @module
 */

import { imagescriptPng } from "../deps/codecs.js";
import type { RgbImage } from "./image.ts";
import { PhotoError } from "./photo_error.ts";
import { overBackground } from "./rgba.ts";

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

/** A PNG decoder; make another after a `WebAssembly.RuntimeError`. */
export class PngDecoder {
  #png: ImagescriptPng | undefined;

  /**
   * Decodes a file, transparent pixels over `background`. A very large picture is shrunk on the way,
   * leaving both sides at least `minSide`: its pixels are then in memory only once.
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
      const image = overBackground(rgba, width, height, background, minSide);
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
