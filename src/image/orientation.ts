/**
 * EXIF orientation: cameras store what the sensor saw and say beside it how to turn it.
 *
 * @module
 */

import type { RgbImage } from "./image.ts";

const ORIENTATION_TAG = 0x0112;

/** The orientation (1 to 8; 1 is upright) of a JPEG or PNG file; 1 where it says nothing. */
export function readOrientation(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    const tiff = file[0] === 0xff ? findInJpeg(view) : findInPng(view);
    return tiff === undefined ? 1 : readTiff(view, tiff);
  } catch (error) {
    // Reading beyond the end: metadata that is cut short or points nowhere says nothing.
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** Where the TIFF structure of a JPEG file's APP1 "Exif" segment starts. */
function findInJpeg(view: DataView): number | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) { // padding
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    at += 2 + view.getUint16(at + 2);
  }
}

/** Where a PNG file's eXIf chunk starts. */
function findInPng(view: DataView): number | undefined {
  for (let at = 8; at < view.byteLength;) {
    const type = view.getUint32(at + 4);
    if (type === 0x65584966) return at + 8; // eXIf
    if (type === 0x49444154) return; // IDAT
    at += 12 + view.getUint32(at);
  }
}

function readTiff(view: DataView, start: number): number {
  const little = view.getUint16(start) === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (view.getUint16(entry, little) === ORIENTATION_TAG) {
      const value = view.getUint16(entry + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
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
