/**
 * EXIF orientation: cameras store what the sensor saw and say beside it how to turn it.
 *
 * @module
 */

import { inflate } from "../deps/deflate.ts";
import type { RgbImage } from "./image.ts";
import { avifOrientation } from "./avif.ts";
import { sniff } from "./kinds.ts";
import { jpegSegments, latin1, pngChunks, riffChunks } from "./segments.ts";

const ORIENTATION_TAG = 0x0112;
const TIFF_LONG = 4;

/** The orientation (1 to 8; 1 is upright) of a picture file; 1 where it says nothing. */
export function readOrientation(file: Uint8Array): number {
  const kind = sniff(file);
  try {
    if (kind === "AVIF") return avifOrientation(file);
    const tiff = kind === "JPEG"
      ? tiffOfJpeg(file)
      : kind === "WebP"
      ? tiffOfWebp(file)
      : tiffOfPng(file);
    if (!tiff) return 1;
    return orientationOf(new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength));
  } catch (error) {
    // Reading beyond the end: metadata that is cut short or points nowhere says nothing.
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** The TIFF structure of a JPEG file's APP1 "Exif" segment. */
function tiffOfJpeg(file: Uint8Array): Uint8Array | undefined {
  for (const { name, data } of jpegSegments(file)) {
    if (name === 0xe1 && latin1(data.subarray(0, 4)) === "Exif") return data.subarray(6);
  }
}

/** That of a WebP file's EXIF chunk; some programs write JPEG's six bytes before it. */
function tiffOfWebp(file: Uint8Array): Uint8Array | undefined {
  for (const { name, data } of riffChunks(file, 12)) {
    if (name === "EXIF") return latin1(data.subarray(0, 4)) === "Exif" ? data.subarray(6) : data;
  }
}

/** That of a PNG file: its eXIf chunk, wherever it stands, or the text that ImageMagick writes. */
function tiffOfPng(file: Uint8Array): Uint8Array | undefined {
  let fromText: Uint8Array | undefined;
  for (const { name, data } of pngChunks(file)) {
    if (name === "eXIf") return data;
    if (name === "tEXt" || name === "zTXt" || name === "iTXt") fromText ??= rawProfile(name, data);
  }
  return fromText;
}

/** EXIF as ImageMagick keeps it in text: "exif", a length, and hexadecimal digits. */
function rawProfile(chunk: string, data: Uint8Array): Uint8Array | undefined {
  const end = data.indexOf(0);
  const keyword = latin1(data.subarray(0, Math.max(end, 0)));
  if (!/^Raw profile type (exif|APP1)$/i.test(keyword)) return;
  const text = profileText(chunk, data.subarray(end + 1));
  const digits = /^\s*\w+\s+\d+\s+([\s\da-f]*)$/i.exec(text)?.[1].replace(/\s+/g, "");
  if (!digits) return;
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return latin1(bytes.subarray(0, 4)) === "Exif" ? bytes.subarray(6) : bytes;
}

/** A text chunk's text behind its keyword; empty where it does not unpack. */
function profileText(chunk: string, data: Uint8Array): string {
  if (chunk === "tEXt") return latin1(data);
  // zTXt: a method. iTXt: a flag and a method, then a language and a translated keyword, each ended.
  const packed = chunk === "zTXt" || data[0] === 1;
  const text = chunk === "zTXt"
    ? data.subarray(1)
    : data.subarray(data.indexOf(0, data.indexOf(0, 2) + 1) + 1);
  return latin1(packed ? inflate(text) ?? new Uint8Array() : text);
}

function orientationOf(view: DataView): number {
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    // A SHORT by the book; some programs write a LONG.
    const long = view.getUint16(entry + 2, little) === TIFF_LONG;
    const value = long ? view.getUint32(entry + 8, little) : view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Turns and mirrors a picture as its orientation says. */
export function orient(image: RgbImage, orientation: number): RgbImage {
  if (orientation === 1) return image;
  const { width, height, data } = image;
  // Odd-looking but standard: 5 to 8 swap the sides; then each number mirrors x, y, both or none.
  const swap = orientation >= 5;
  const mirrorX = [2, 3, 7, 8].includes(orientation);
  const mirrorY = [3, 4, 6, 7].includes(orientation);
  const outWidth = swap ? height : width;
  const outHeight = swap ? width : height;
  const out = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++, to += 3) {
      const sourceX = swap ? y : x;
      const sourceY = swap ? x : y;
      const from = 3 * ((mirrorY ? height - 1 - sourceY : sourceY) * width +
        (mirrorX ? width - 1 - sourceX : sourceX));
      out[to] = data[from];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from + 2];
    }
  }
  return { width: outWidth, height: outHeight, data: out };
}
