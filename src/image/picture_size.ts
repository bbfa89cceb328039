/**
 * The size of a picture, read from its header alone.
 *
 * @module
 */

import { avifSize } from "./avif.ts";
import { sniff } from "./kinds.ts";
import { webpSize } from "./webp.ts";

/** Width and height in pixels, as stored; undefined where the header cannot be read. */
export function readSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const kind = sniff(bytes);
    if (kind === "PNG") return { width: view.getUint32(16), height: view.getUint32(20) };
    if (kind === "JPEG") return jpegSize(view);
    if (kind === "WebP") return webpSize(bytes);
    if (kind === "AVIF") return avifSize(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // it is cut short
  }
}

/** From the frame header, SOF0 to SOF15 (DHT, JPG and DAC share their numbers). */
function jpegSize(view: DataView): { width: number; height: number } | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
}
