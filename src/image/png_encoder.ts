/**
 * PNG files: eight-bit RGB, with text beside the pixels so that a picture says how it was made.
 *
 * @module
 */

import { zlibSync } from "../deps/deflate.ts";
import { crc32 } from "../format/crc.ts";
import type { RgbImage } from "./image.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Encodes a picture as PNG. `text` goes into tEXt chunks (iTXt where a value is not ASCII);
 * a key has 1 to 79 ASCII characters.
 */
export function encodePng(
  image: RgbImage,
  text: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([8, 2, 0, 0, 0], 8); // eight bits, RGB, deflate, adaptive filters, not interlaced
  return concat([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    ...Object.entries(text).map(textChunk),
    // The smooth pictures of a young generator take a second on level 9, for a twelfth less.
    chunk("IDAT", zlibSync(filterRows(image), { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** A PNG file with text added beside its pixels. */
export function addPngText(png: Uint8Array, text: Record<string, string>): Uint8Array<ArrayBuffer> {
  const afterHeader = 8 + 12 + 13;
  return concat([
    png.subarray(0, afterHeader),
    ...Object.entries(text).map(textChunk),
    png.subarray(afterHeader),
  ]);
}

/** The text beside the pixels of a PNG file; empty if the bytes are no PNG file. */
export function readPngText(png: Uint8Array): Record<string, string> {
  const text: Record<string, string> = {};
  if (!SIGNATURE.every((byte, i) => png[i] === byte)) return text;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const body = png.subarray(at + 8, at + 8 + length);
    const end = body.indexOf(0);
    const key = new TextDecoder().decode(body.subarray(0, Math.max(0, end)));
    // An iTXt chunk as written here has five bytes between key and text: two flags, two empty
    // strings' ends, and the end of the key.
    if (type === "tEXt") text[key] = new TextDecoder("latin1").decode(body.subarray(end + 1));
    if (type === "iTXt") text[key] = new TextDecoder().decode(body.subarray(end + 5));
    at += 12 + length;
  }
  return text;
}

function textChunk([key, value]: [string, string]): Uint8Array {
  const ascii = [...value].every((character) => character <= "\x7f");
  const name = new TextEncoder().encode(key);
  const body = new TextEncoder().encode(value);
  return ascii
    ? chunk("tEXt", concat([name, Uint8Array.of(0), body]))
    : chunk("iTXt", concat([name, Uint8Array.of(0, 0, 0, 0, 0), body]));
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** Each row with the filter (none, left, up, average, Paeth) that leaves the smallest residues. */
function filterRows({ width, height, data }: RgbImage): Uint8Array {
  const stride = 3 * width;
  const out = new Uint8Array(height * (stride + 1));
  // With a pixel of zeros in front, which is what the first pixel's filters see on its left.
  let [row, above] = [new Uint8Array(stride + 3), new Uint8Array(stride + 3)];
  const tried = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    row.set(data.subarray(y * stride, (y + 1) * stride), 3);
    const at = y * (stride + 1);
    let best = Infinity;
    for (let filter = 0; filter < 5; filter++) {
      filterRow(filter, row, above, tried);
      let sum = 0;
      for (let i = 0; i < stride; i++) sum += Math.abs(tried[i] << 24 >> 24);
      if (sum < best) {
        best = sum;
        out[at] = filter;
        out.set(tried, at + 1);
      }
    }
    [row, above] = [above, row];
  }
  return out;
}

/** A row's residues. A loop for each filter: a choice inside one would cost more than the filters. */
function filterRow(filter: number, row: Uint8Array, above: Uint8Array, out: Uint8Array): void {
  const count = out.length;
  if (filter === 0) out.set(row.subarray(3));
  if (filter === 1) { for (let i = 0; i < count; i++) out[i] = row[i + 3] - row[i]; }
  if (filter === 2) { for (let i = 0; i < count; i++) out[i] = row[i + 3] - above[i + 3]; }
  if (filter === 3) {
    for (let i = 0; i < count; i++) out[i] = row[i + 3] - ((row[i] + above[i + 3]) >> 1);
  }
  if (filter === 4) {
    for (let i = 0; i < count; i++) {
      const [left, up, corner] = [row[i], above[i + 3], above[i]];
      const toLeft = Math.abs(up - corner);
      const toUp = Math.abs(left - corner);
      const toCorner = Math.abs(left + up - 2 * corner);
      const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
      out[i] = row[i + 3] - nearest;
    }
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
