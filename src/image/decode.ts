/**
 * From a file's bytes to upright RGB, whatever kind of JPEG or PNG it is.
 *
 * @module
 */

import { convertToSrgb } from "./colour.ts";
import type { RgbImage } from "./image.ts";
import { JpegDecoder } from "./jpeg.ts";
import { orient, readOrientation } from "./orientation.ts";
import { PhotoError } from "./photo_error.ts";
import { PngDecoder } from "./png_decoder.ts";

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

/** Kinds of file that turn up among photos and cannot be read, by how they begin. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, "GIF"],
  [/^RIFF....WEBP/s, "WebP"],
  [/^(II\*\0|MM\0\*)/, "TIFF"],
  [/^BM/, "BMP"],
  [/^....ftyp(heic|heix|mif1)/s, "HEIC"],
  [/^....ftypavif/s, "AVIF"],
  [/^\s*<(svg|\?xml)/, "SVG"],
  [/^\s*<(!doctype|html)/i, "HTML"],
  [/^version https:\/\/git-lfs/, "Git LFS pointer"],
];

/** The kind of a picture file, told by its first bytes; undefined if it is neither. */
export function sniff(bytes: Uint8Array): "JPEG" | "PNG" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "JPEG";
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) {
    return "PNG";
  }
}

/**
 * Makes a decoder of its own: instances of the codecs that no other shares.
 *
 * It throws {@linkcode PhotoError} for what is wrong with a file; any other error (a trap in
 * WebAssembly, say) has made the codec start afresh for the next file.
 */
export function createDecoder(): Decode {
  const jpeg = new JpegDecoder();
  const png = new PngDecoder();
  return (bytes, { background, maxPixels, minSide, minIntact = 0.9, onFlaw }) => {
    const kind = sniff(bytes);
    if (kind === undefined) throw new PhotoError(describe(bytes));
    const image = kind === "JPEG"
      ? jpeg.decode(bytes, { minSide, maxPixels, minIntact, onFlaw })
      : png.decode(bytes, background, minSide, maxPixels);
    return orient(convertToSrgb(image, bytes), readOrientation(bytes));
  };
}

function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return "it is empty";
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  const other = OTHERS.find(([pattern]) => pattern.test(start));
  const kind = other ? `a ${other[1]} file` : "another kind of file, or damaged at its start";
  return `it is ${kind}; only JPEG and PNG are read`;
}
