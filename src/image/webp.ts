/**
 * WebP: its container (RFC 9649), and its pixels decoded by libwebp in WebAssembly.
 *
 * @module
 */

import type { RgbImage } from "./image.ts";
import { PhotoError } from "./photo_error.ts";
import { overBackground } from "./rgba.ts";
import { riffChunks } from "./segments.ts";

interface Libwebp {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(pointer: number): void;
  /** The address of RGBA, 0 for a damaged file; width and height are written to the last two. */
  WebPDecodeRGBA(bytes: number, length: number, width: number, height: number): number;
}

/** WebAssembly memory only grows: beyond this much it is given back by starting afresh. */
const KEEP_BYTES = 64 * 2 ** 20;
const ANIMATED = 0x02;
const HAS_ALPHA = 0x10;

/** Width and height of a WebP file; undefined where its header is damaged. */
export function webpSize(file: Uint8Array): { width: number; height: number } | undefined {
  for (const { name, data } of riffChunks(file, 12)) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (name === "VP8X") return { width: 1 + word24(data, 4), height: 1 + word24(data, 7) };
    if (name === "VP8 ") {
      return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
    }
    if (name === "VP8L") {
      const bits = view.getUint32(1, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + (bits >> 14 & 0x3fff) };
    }
  }
}

function word24(bytes: Uint8Array, at: number): number {
  if (at + 3 > bytes.length) throw new RangeError("beyond the chunk's end");
  return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16;
}

/** A WebP decoder; make another after a `WebAssembly.RuntimeError`. */
export class WebpDecoder {
  readonly #module: WebAssembly.Module;
  #webp: Libwebp | undefined;

  /** A decoder of the compiled library. */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /**
   * Decodes a file, of an animation the first frame, transparent pixels over `background`. A very
   * large picture is shrunk on the way, leaving both sides at least `minSide`.
   *
   * @throws {PhotoError} If the file is damaged or has more than `maxPixels` pixels.
   */
  decode(
    bytes: Uint8Array,
    background: readonly number[],
    minSide: number,
    maxPixels: number,
  ): RgbImage {
    const size = sizeOf(bytes);
    PhotoError.checkSize(size.width, size.height, maxPixels);
    const frame = firstFrame(bytes);
    return this.#rgba(frame ? frame.file : bytes, (rgba, width, height) => {
      if (!frame) return overBackground(rgba, width, height, background, minSide);
      const canvas = new Uint8Array(4 * size.width * size.height);
      const columns = Math.min(width, size.width - frame.x);
      if (columns <= 0) throw new PhotoError("its WebP data is damaged");
      for (let y = 0; y < Math.min(height, size.height - frame.y); y++) {
        const row = rgba.subarray(4 * y * width, 4 * (y * width + columns));
        canvas.set(row, 4 * ((frame.y + y) * size.width + frame.x));
      }
      return overBackground(canvas, size.width, size.height, background, minSide);
    });
  }

  #rgba<T>(bytes: Uint8Array, use: (rgba: Uint8Array, width: number, height: number) => T): T {
    const webp = this.#webp ??= this.#start();
    try {
      const input = webp.malloc(bytes.length + 8);
      if (input === 0) throw new PhotoError("there is not enough memory to decode it");
      const sizes = input;
      const start = input + 8;
      new Uint8Array(webp.memory.buffer, start, bytes.length).set(bytes);
      const output = webp.WebPDecodeRGBA(start, bytes.length, sizes, sizes + 4);
      const [width, height] = new Int32Array(webp.memory.buffer, sizes, 2);
      webp.free(input);
      if (output === 0) throw new PhotoError(damage(bytes));
      const rgba = new Uint8Array(webp.memory.buffer, output >>> 0, 4 * width * height);
      const result = use(rgba, width, height);
      webp.free(output);
      return result;
    } catch (error) {
      if (!(error instanceof PhotoError)) this.#webp = undefined;
      throw error;
    } finally {
      if (webp.memory.buffer.byteLength > KEEP_BYTES) this.#webp = undefined;
    }
  }

  #start(): Libwebp {
    const fail = (): never => {
      throw new Error("libwebp asks for a file");
    };
    const imports = {
      wasi_snapshot_preview1: { fd_close: fail, fd_seek: fail, fd_write: fail },
    };
    return new WebAssembly.Instance(this.#module, imports).exports as unknown as Libwebp;
  }
}

function sizeOf(bytes: Uint8Array): { width: number; height: number } {
  try {
    const size = webpSize(bytes);
    if (size) return size;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new PhotoError("its WebP header is damaged");
}

/** What is wrong with a file that the decoder refused. */
function damage(bytes: Uint8Array): string {
  const claimed = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  return claimed > bytes.length
    ? "it is cut short: the end of its WebP data is missing"
    : "its WebP data is damaged";
}

/** The first frame of an animation as a file of its own, and its place; undefined for a still one. */
function firstFrame(
  file: Uint8Array,
): { file: Uint8Array; x: number; y: number } | undefined {
  let animated = false;
  for (const { name, data } of riffChunks(file, 12)) {
    if (name === "VP8X") animated = (data[0] & ANIMATED) !== 0;
    if (!animated) return;
    if (name !== "ANMF" || data.length < 16) continue;
    const parts = [...riffChunks(data, 16)].filter(({ name }) => /^(ALPH|VP8 |VP8L)$/.test(name));
    const header = new Uint8Array(10);
    header[0] = parts.some(({ name }) => name === "ALPH") ? HAS_ALPHA : 0;
    header.set(data.subarray(6, 12), 4);
    const body = [{ name: "VP8X", data: header }, ...parts].map(({ name, data }) => {
      const chunk = new Uint8Array(8 + data.length + data.length % 2);
      for (let i = 0; i < 4; i++) chunk[i] = name.charCodeAt(i);
      new DataView(chunk.buffer).setUint32(4, data.length, true);
      chunk.set(data, 8);
      return chunk;
    });
    const whole = new Uint8Array(12 + body.reduce((sum, { length }) => sum + length, 0));
    whole.set(file.subarray(0, 12));
    new DataView(whole.buffer).setUint32(4, whole.length - 8, true);
    let at = 12;
    for (const chunk of body) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return { file: whole, x: 2 * word24(data, 0), y: 2 * word24(data, 3) };
  }
  if (animated) throw new PhotoError("its WebP data is damaged: an animation without a frame");
}
