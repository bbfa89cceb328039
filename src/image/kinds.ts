// deno-lint-ignore-file no-control-regex -- the patterns are of bytes
/**
 * What a file is, told by its first bytes: a picture that is decoded here, or another kind of file that
 * turns up among photos, and what makes pictures of it.
 *
 * @module
 */

import { latin1 } from "./segments.ts";

/** Kinds of picture that are decoded. */
export type PictureKind = "JPEG" | "PNG" | "WebP" | "AVIF";

/** Their names, for messages. */
export const PICTURE_KINDS = "JPEG, PNG, WebP and AVIF";

/** As many first bytes as it takes to tell kinds apart. */
export const KIND_BYTES = 64;

/** The kind of a picture file; undefined if it is none that is decoded. */
export function sniff(bytes: Uint8Array): PictureKind | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "JPEG";
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) {
    return "PNG";
  }
  if (bytes[0] === 0x52 && /^RIFF.{4}WEBP/s.test(latin1(bytes.subarray(0, 12)))) return "WebP";
  if (bytes[4] === 0x66 && /^avi[fs]$/m.test(brandsOf(bytes).join("\n"))) return "AVIF";
}

/** The brands of an ISO media file: AVIF, HEIC, video. */
function brandsOf(bytes: Uint8Array): string[] {
  const text = latin1(bytes.subarray(0, KIND_BYTES));
  if (text.slice(4, 8) !== "ftyp") return [];
  const length = text.charCodeAt(2) << 8 | text.charCodeAt(3);
  const brands = text.slice(8, Math.max(12, Math.min(length, KIND_BYTES))).match(/.{4}/gs) ?? [];
  return brands.filter((_, i) => i !== 1); // between them stands a version
}

/** A kind of file that is not read. */
export interface OtherKind {
  /** Its name, as in "3 files of the kind HEIC". */
  readonly name: string;
  /** What to do to have pictures of it, in words behind a colon. */
  readonly advice: string;
}

const magick = (ending: string): string => `convert them: magick mogrify -format jpg *.${ending}`;

/** By how files begin. */
const BY_BYTES: readonly (readonly [RegExp, string, string])[] = [
  [/^GIF8/, "GIF", "write each one's first frame: magick IN.gif[0] OUT.png"],
  [/^BM.{4}\0{4}/s, "BMP", magick("bmp")],
  [/^8BPS/, "PSD", "flatten them: magick IN.psd[0] OUT.png"],
  [/^.{4}ftyp(heic|heix|heim|heis|hevc|mif1|msf1)/s, "HEIC", magick("heic")],
  [/^(II\*\0.{4}CR|FUJIFILMCCD-RAW|II(RO|RS|U\0)|.{4}ftypcrx)/s, "raw", ""],
  [/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, "TIFF", magick("tif")],
  [/^(\xff\x0a|\0{3}\x0cJXL )/, "JPEG XL", "convert them: djxl IN.jxl OUT.png"],
  [/^(\xff\x4f\xff\x51|\0{3}\x0cjP {2})/, "JPEG 2000", magick("jp2")],
  [/^\0\0\x01\0/, "ICO", magick("ico")],
  [/^(\x76\x2f\x31\x01|#\?RADIANCE)/, "EXR or HDR", "tone-map them to PNG in a photo program"],
  [/^%PDF/, "PDF", "take the pictures out: pdfimages -all IN.pdf OUT"],
  [
    /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<svg/,
    "SVG",
    "draw them: rsvg-convert -h 512 IN.svg -o OUT.png",
  ],
  [/^\s*<(!doctype|html)/i, "HTML", "pages in place of pictures: download those again"],
  [/^version https:\/\/git-lfs/, "Git LFS pointer", "fetch what they stand for: git lfs pull"],
  [/^(.{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI |\0\0\x01[\xb3\xba]|FLV\x01)/s, "video", ""],
  [/^(\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd)/, "packed archive", ""],
];

/** Kinds that names tell better: raw files begin like TIFF. */
const RAW = /\.(cr2|cr3|nef|nrw|arw|srf|sr2|dng|raf|orf|rw2|pef|srw|x3f|iiq|3fr)$/i;

const ADVICE: Readonly<Record<string, string>> = {
  raw: "develop them: darktable-cli IN OUT.jpg, or your camera's program",
  video: "take frames out: ffmpeg -i IN -vf fps=1 OUT%05d.jpg",
  "packed archive": "unpack them; a tar or zip is read as it is",
};

/** The kind of a file that is not decoded, by its first bytes and, for raw files, its name. */
export function otherKind(start: Uint8Array, name: string): OtherKind | undefined {
  const text = latin1(start.subarray(0, KIND_BYTES));
  const found = BY_BYTES.find(([pattern]) => pattern.test(text));
  if (!found) return;
  const kind = found[1] === "TIFF" && RAW.test(name) ? "raw" : found[1];
  return { name: kind, advice: ADVICE[kind] ?? found[2] };
}
