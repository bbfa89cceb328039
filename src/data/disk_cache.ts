/**
 * Decoded photos on disk: one small file each, named after the photo's identity (path, size, time)
 * and the settings that shaped it.
 *
 *     "FGP1", width and height (16 bits each), CRC-32 of the samples, the samples
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import type { RgbImage } from "../io/image.ts";

const MAGIC = 0x31504746; // "FGP1", little-endian
const HEADER = 12;

/** The cache; every failure to read or write is as if the photo were not there. */
export class DiskCache {
  readonly #folder: string;
  readonly #settings: string;
  #writable = true;

  /** A cache below `folder` for photos shaped by `settings`. */
  constructor(folder: string, settings: string) {
    this.#folder = join(folder, "photos");
    this.#settings = settings;
  }

  /** The photo of a file, by the file's identity; undefined if it is missing or damaged. */
  read(identity: string): RgbImage | undefined {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = Deno.readFileSync(this.#path(identity));
    } catch {
      return;
    }
    if (bytes.length < HEADER) return;
    const view = new DataView(bytes.buffer);
    const width = view.getUint16(4, true);
    const height = view.getUint16(6, true);
    const data = bytes.subarray(HEADER);
    const whole = view.getUint32(0, true) === MAGIC && data.length === 3 * width * height &&
      view.getUint32(8, true) === checksum(data);
    return whole ? { width, height, data } : undefined;
  }

  /** Keeps a photo. The file appears under its name only when it is complete. */
  write(identity: string, { width, height, data }: RgbImage): void {
    if (!this.#writable) return;
    const bytes = new Uint8Array(HEADER + data.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint16(4, width, true);
    view.setUint16(6, height, true);
    view.setUint32(8, checksum(data), true);
    bytes.set(data, HEADER);
    const path = this.#path(identity);
    // Other processes may write the same photo at the same time.
    const partial = `${path}.${Deno.pid}-${crypto.randomUUID()}.tmp`;
    try {
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeFileSync(partial, bytes);
      Deno.renameSync(partial, path);
    } catch {
      // No permission, or the disk is full: work goes on without the cache.
      this.#writable = false;
      try {
        Deno.removeSync(partial);
      } catch {
        // It was never created.
      }
    }
  }

  #path(identity: string): string {
    const name = createHash("sha256").update(`${this.#settings}\n${identity}`).digest("hex");
    return join(this.#folder, name.slice(0, 2), `${name.slice(2, 42)}.rgb`);
  }
}

function checksum(data: Uint8Array<ArrayBuffer>): number {
  return crc32(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}
