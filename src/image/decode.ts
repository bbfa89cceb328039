/**
 * From a file's bytes to upright RGB, whatever kind of picture file it is.
 *
 * @module
 */

import type { Libavif } from "../deps/avif.js";
import { AvifDecoder } from "./avif.ts";
import { convertToSrgb } from "./colour.ts";
import type { RgbImage } from "./image.ts";
import { JpegDecoder } from "./jpeg.ts";
import { otherKind, PICTURE_KINDS, type PictureKind, sniff } from "./kinds.ts";
import { orient, readOrientation } from "./orientation.ts";
import { PhotoError } from "./photo_error.ts";
import { PngDecoder } from "./png_decoder.ts";
import { WebpDecoder } from "./webp.ts";

/** How a file is decoded. */
export interface DecodeOptions {
  /** The colour behind transparent pixels. */
  readonly background: readonly number[];
  /** Pictures with more pixels are refused. */
  readonly maxPixels: number;
  /** A picture may come out smaller than it is, if both its sides stay at least this long. */
  readonly minSide: number;
  /** A JPEG cut short is used if at least this share of its rows is there; default 0.9. */
  readonly minIntact?: number;
  /** Told in words what a picture that is used all the same falls short of. */
  readonly onFlaw?: (flaw: string) => void;
}

/** Decodes the bytes of one file. */
export type Decode = (bytes: Uint8Array, options: DecodeOptions) => RgbImage;

/** Kinds of picture whose decoders are loaded when the first is met. */
export type LazyKind = "WebP" | "AVIF";

let webpModule: WebAssembly.Module | undefined;
let createAvif: (() => Libavif) | undefined;

/**
 * Where they are. Not written within `import()`: Deno would read them, a megabyte of WebAssembly, into
 * the graph of every thread that might need them.
 */
const WEBP = "../deps/webp.js";
const AVIF = "../deps/avif.js";

/** Loads the decoders of kinds that most folders have none of, on this thread. */
export async function loadDecoders(kinds: readonly LazyKind[]): Promise<void> {
  if (kinds.includes("WebP")) {
    webpModule ??= (await import(WEBP) as typeof import("../deps/webp.js")).libwebp;
  }
  if (kinds.includes("AVIF")) {
    createAvif ??= (await import(AVIF) as typeof import("../deps/avif.js")).startLibavif;
  }
}

/**
 * Makes a decoder of its own: instances of the codecs that no other shares.
 *
 * It throws {@linkcode PhotoError} for what is wrong with a file; any other error (a trap in
 * WebAssembly, say) has made the codec start afresh for the next file. WebP and AVIF need
 * {@linkcode loadDecoders} before.
 */
export function createDecoder(): Decode {
  const jpeg = new JpegDecoder();
  const png = new PngDecoder();
  let webp: WebpDecoder | undefined;
  let avif: AvifDecoder | undefined;
  const pixels: Readonly<Record<PictureKind, Decode>> = {
    JPEG: (bytes, { minSide, maxPixels, minIntact = 0.9, onFlaw }) =>
      jpeg.decode(bytes, { minSide, maxPixels, minIntact, onFlaw }),
    PNG: (bytes, { background, minSide, maxPixels }) =>
      png.decode(bytes, background, minSide, maxPixels),
    WebP: (bytes, { background, minSide, maxPixels }) => {
      webp ??= new WebpDecoder(webpModule ?? notLoaded("WebP"));
      return webp.decode(bytes, background, minSide, maxPixels);
    },
    AVIF: (bytes, { background, minSide, maxPixels }) => {
      avif ??= new AvifDecoder(createAvif ?? notLoaded("AVIF"));
      return avif.decode(bytes, background, minSide, maxPixels);
    },
  };
  return (bytes, options) => {
    const kind = sniff(bytes);
    if (kind === undefined) throw new PhotoError(describe(bytes));
    return orient(convertToSrgb(pixels[kind](bytes, options), bytes), readOrientation(bytes));
  };
}

/** A file of the kind has come to be since the photos were listed. */
function notLoaded(kind: LazyKind): never {
  throw new PhotoError(`the decoder of ${kind} is not loaded`);
}

function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return "it is empty";
  const other = otherKind(bytes, "")?.name;
  const kind = other
    ? `a file of the kind ${other}`
    : "another kind of file, or damaged at its start";
  return `it is ${kind}; only ${PICTURE_KINDS} are read`;
}
