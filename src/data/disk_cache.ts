/**
 * Decoded photos on disk, keyed by the photo's identity (path, size, times, inode) and the settings that
 * shaped it.
 *
 * Photos with equal settings share a folder. Every writer appends to a file of its own in it, so
 * writers never meet, and making a file, dear on many file systems, happens once for thousands of
 * photos. A file that was read or written is touched, so that those used longest ago can be removed
 * first (`cache_bounds.ts`). A file is a row of records:
 *
 *     "FGP2", width and height (16 bits each), CRC-32 of the samples, SHA-256 of the identity, samples
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { explainWriteError } from "../files/atomic.ts";
import type { RgbImage } from "../image/image.ts";
import type { CacheRoom } from "./cache_bounds.ts";

const MAGIC = 0x32504746; // "FGP2", little-endian
const HEADER = 44;
/** A writer goes on in another file from here on: files are removed whole. */
const FILE_BYTES = 2 ** 26;

/** Where a photo's samples lie. */
interface Place {
  readonly file: Deno.FsFile;
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  readonly checksum: number;
}

/** The cache; every failure to read or write is as if the photo were not there. */
export class DiskCache implements Disposable {
  readonly #folder: string;
  readonly #files: Deno.FsFile[] = [];
  /** By identity; read from the files' headers when first asked for. */
  #places: Map<string, Place> | undefined;
  #own: { file: Deno.FsFile; end: number } | undefined;
  readonly #used = new Set<Deno.FsFile>();
  readonly #room: CacheRoom;
  #writable = true;
  /** Why nothing more can be written, where the disk or its rights are to blame. */
  failure: string | undefined;

  /** The photos below the cache folder that were shaped by `settings`; what is written takes room. */
  constructor(cacheDir: string, settings: string, room: CacheRoom) {
    this.#room = room;
    this.#folder = join(cacheDir, "photos", digest(settings).slice(0, 16));
  }

  /** The photo of an identity; undefined if it is missing or damaged. */
  read(identity: string): RgbImage | undefined {
    this.#places ??= this.#scan();
    const place = this.#places.get(digest(identity));
    if (!place) return;
    const { file, offset, width, height, checksum } = place;
    try {
      const data = readAt(file, offset, 3 * width * height);
      this.#used.add(file);
      return data && checksumOf(data) === checksum ? { width, height, data } : undefined;
    } catch {
      return;
    }
  }

  /** Keeps a photo. */
  write(identity: string, { width, height, data }: RgbImage): void {
    if (!this.#writable) return;
    if (!this.#room.take(HEADER + data.length)) {
      this.#writable = false;
      return;
    }
    const key = digest(identity);
    const checksum = checksumOf(data);
    const record = new Uint8Array(HEADER + data.length);
    const view = new DataView(record.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint16(4, width, true);
    view.setUint16(6, height, true);
    view.setUint32(8, checksum, true);
    record.set(Buffer.from(key, "hex"), 12);
    record.set(data, HEADER);
    try {
      if (this.#own && this.#own.end >= FILE_BYTES) this.#own = undefined;
      const own = this.#own ??= this.#create();
      own.file.seekSync(own.end, Deno.SeekMode.Start);
      for (let at = 0; at < record.length;) at += own.file.writeSync(record.subarray(at));
      this.#places?.set(key, {
        file: own.file,
        offset: own.end + HEADER,
        width,
        height,
        checksum,
      });
      own.end += record.length;
    } catch (error) {
      // No permission, or the disk is full: work goes on without the cache.
      this.#writable = false;
      this.failure = (explainWriteError(this.#folder, error) as Error).message;
    }
  }

  /** Closes the files. */
  [Symbol.dispose](): void {
    const now = new Date();
    for (const file of this.#files.splice(0)) {
      try {
        if (this.#used.has(file)) file.utimeSync(now, now);
      } catch {
        // A file that is not ours to touch only looks older than it is.
      }
      file.close();
    }
  }

  #create(): { file: Deno.FsFile; end: number } {
    Deno.mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `${crypto.randomUUID()}.photos`);
    const file = Deno.openSync(path, { read: true, write: true, createNew: true });
    this.#files.push(file);
    return { file, end: 0 };
  }

  /** Reads the headers of all files, each up to the first that makes no sense. */
  #scan(): Map<string, Place> {
    const places = new Map<string, Place>();
    try {
      for (const { name } of Deno.readDirSync(this.#folder)) {
        const file = Deno.openSync(join(this.#folder, name));
        this.#files.push(file);
        const { size } = file.statSync();
        for (let at = 0; at + HEADER <= size;) {
          const header = readAt(file, at, HEADER);
          if (!header) break;
          const view = new DataView(header.buffer);
          if (view.getUint32(0, true) !== MAGIC) break;
          const width = view.getUint16(4, true);
          const height = view.getUint16(6, true);
          const checksum = view.getUint32(8, true);
          const key = Buffer.from(header.buffer, 12, 32).toString("hex");
          places.set(key, { file, offset: at + HEADER, width, height, checksum });
          at += HEADER + 3 * width * height;
        }
      }
    } catch {
      // The folder does not exist yet, or may not be read.
    }
    return places;
  }
}

/** Bytes of a file; undefined if it ends before. */
function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> | undefined {
  file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = file.readSync(bytes.subarray(at));
    if (count === null) return;
    at += count;
  }
  return bytes;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function checksumOf(data: Uint8Array<ArrayBuffer>): number {
  return crc32(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}
