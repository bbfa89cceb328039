/**
 * Animated GIF files.
 *
 * @module
 */

import { applyPalette, GIFEncoder, type Palette, quantize } from "../deps/gif.ts";
import type { RgbImage } from "./image.ts";

/** Milliseconds a frame is shown unless said otherwise. */
export const GIF_DELAY = 200;

/** Milliseconds the last frame is shown unless said otherwise. */
export const GIF_LAST_DELAY = 1500;

/** How {@linkcode encodeGif} plays the frames. */
export interface GifOptions {
  /** Milliseconds a frame is shown; default 200. */
  readonly delay?: number;
  /** Milliseconds the last frame is shown before it starts again; default 1500. */
  readonly lastDelay?: number;
  /** Stored in the file, where picture tools find it. */
  readonly comment?: string;
}

/** A frame of an animation: pixels as indices into a palette of its own. */
export interface GifFrame {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Up to 256 colours of three bytes. */
  readonly palette: Palette;
  /** A palette index a pixel, row by row. */
  readonly index: Uint8Array;
}

/**
 * Pixels that a palette is chosen by. The quantiser's time grows with the square of the number of
 * colours: 4,096 pixels of noise take a quarter of a second, a quarter of a million two minutes.
 */
const PALETTE_PIXELS = 4096;

/** Chooses 256 colours for a picture and gives each pixel the nearest of them. */
export function toGifFrame({ width, height, data }: RgbImage): GifFrame {
  const count = width * height;
  const rgba = new Uint8Array(4 * count).fill(255);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = data[3 * pixel + c];
  }
  const palette = quantize(count <= PALETTE_PIXELS ? rgba : thin(rgba, PALETTE_PIXELS), 256);
  return { width, height, palette, index: applyPalette(rgba, palette) };
}

/** Some pixels of RGBA data, spread evenly over it and in step with no row (Kronecker's sequence). */
function thin(rgba: Uint8Array, count: number): Uint8Array {
  const all = rgba.length / 4;
  const some = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const pixel = Math.floor((i * 0.6180339887498949 % 1) * all);
    some.set(rgba.subarray(4 * pixel, 4 * pixel + 4), 4 * i);
  }
  return some;
}

/** Writes an animation that loops for ever, a frame at a time. */
export class GifEncoder {
  readonly #gif = GIFEncoder();

  /** Adds a frame that is shown for some milliseconds. */
  add({ width, height, palette, index }: GifFrame, delay: number): void {
    this.#gif.writeFrame(index, width, height, { palette, delay, repeat: 0 });
  }

  /** Ends the file and gives its bytes; the comment is stored where picture tools find it. */
  finish(comment?: string): Uint8Array<ArrayBuffer> {
    this.#gif.finish();
    const bytes = this.#gif.bytes();
    return comment === undefined ? bytes : withComment(bytes, comment);
  }
}

/** Encodes pictures of one size as an animation that loops for ever; each has its own palette. */
export function encodeGif(
  frames: readonly RgbImage[],
  options: GifOptions = {},
): Uint8Array<ArrayBuffer> {
  const { delay = GIF_DELAY, lastDelay = GIF_LAST_DELAY, comment } = options;
  const gif = new GifEncoder();
  for (const [i, frame] of frames.entries()) {
    gif.add(toGifFrame(frame), i === frames.length - 1 ? lastDelay : delay);
  }
  return gif.finish(comment);
}

/** Puts a comment extension (blocks of up to 255 bytes) before the trailer. */
function withComment(gif: Uint8Array, comment: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(comment);
  const out: number[] = [0x21, 0xfe];
  for (let at = 0; at < text.length; at += 255) {
    const block = text.subarray(at, at + 255);
    out.push(block.length, ...block);
  }
  out.push(0, 0x3b);
  const bytes = new Uint8Array(gif.length - 1 + out.length);
  bytes.set(gif.subarray(0, gif.length - 1));
  bytes.set(out, gif.length - 1);
  return bytes;
}
