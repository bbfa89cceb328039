/**
 * Animated GIF files.
 *
 * @module
 */

import { applyPalette, GIFEncoder, quantize } from "../deps/gif.ts";
import type { RgbImage } from "./image.ts";

/** How {@linkcode encodeGif} plays the frames. */
export interface GifOptions {
  /** Milliseconds a frame is shown; default 200. */
  readonly delay?: number;
  /** Milliseconds the last frame is shown before it starts again; default 1500. */
  readonly lastDelay?: number;
  /** Stored in the file, where picture tools find it. */
  readonly comment?: string;
}

/** Encodes pictures of one size as an animation that loops for ever; each has its own palette. */
export function encodeGif(
  frames: readonly RgbImage[],
  options: GifOptions = {},
): Uint8Array<ArrayBuffer> {
  const { delay = 200, lastDelay = 1500, comment } = options;
  const gif = GIFEncoder();
  for (const [i, { width, height, data }] of frames.entries()) {
    const rgba = new Uint8Array(4 * width * height).fill(255);
    for (let pixel = 0; pixel < width * height; pixel++) {
      for (let c = 0; c < 3; c++) rgba[4 * pixel + c] = data[3 * pixel + c];
    }
    const palette = quantize(rgba, 256);
    const last = i === frames.length - 1;
    gif.writeFrame(applyPalette(rgba, palette), width, height, {
      palette,
      delay: last ? lastDelay : delay,
      repeat: 0,
    });
  }
  gif.finish();
  return comment === undefined ? gif.bytes() : withComment(gif.bytes(), comment);
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
