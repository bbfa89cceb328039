/**
 * What keeps the cache of decoded photos from growing for ever: room that all writers share, and the
 * removal of what was used longest ago.
 *
 * @module
 */

import { join } from "node:path";

/** Room is counted in these: a 32-bit word of them is 2 TiB. */
const UNIT = 1024;
/** Files to keep, however small: each start opens those of its settings. */
const MAX_FILES = 256;

/** Bytes that may still be written; one number for all threads. */
export class CacheRoom {
  /** The memory, to be sent to other threads. */
  readonly words: Int32Array<SharedArrayBuffer>;

  /** Room that another thread made. */
  constructor(words: Int32Array<SharedArrayBuffer>) {
    this.words = words;
  }

  /** Room for some bytes. */
  static create(bytes: number): CacheRoom {
    const room = new CacheRoom(new Int32Array(new SharedArrayBuffer(4)));
    room.left = bytes;
    return room;
  }

  /** Bytes left. */
  get left(): number {
    return Math.max(0, UNIT * Atomics.load(this.words, 0));
  }
  set left(bytes: number) {
    Atomics.store(this.words, 0, Math.max(0, Math.floor(bytes / UNIT)));
  }

  /** Takes room for some bytes; false, and none taken, if there is too little. */
  take(bytes: number): boolean {
    const units = Math.ceil(bytes / UNIT);
    for (;;) {
      const left = Atomics.load(this.words, 0);
      if (left < units) return false;
      if (Atomics.compareExchange(this.words, 0, left, left - units) === left) return true;
    }
  }
}

/**
 * Removes the files of decoded photos that were used longest ago, until the others come to no more
 * than `limit` bytes and 256 files, whatever settings they belong to. A file that is in use
 * elsewhere, or not ours to remove, stays.
 *
 * @returns The bytes of what is left.
 */
export async function pruneCache(cacheDir: string, limit: number): Promise<number> {
  const files = await listFiles(join(cacheDir, "photos"));
  files.sort((a, b) => b.usedAt - a.usedAt);
  let [bytes, count] = [0, 0];
  for (const { path, size } of files) {
    if (bytes + size <= limit && count < MAX_FILES) {
      bytes += size;
      count++;
      continue;
    }
    try {
      await Deno.remove(path);
    } catch {
      bytes += size;
    }
  }
  return bytes;
}

interface CacheFile {
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
}

/** The files of all settings; folders that hold none any more are removed. */
async function listFiles(folder: string): Promise<CacheFile[]> {
  const files: CacheFile[] = [];
  try {
    for await (const settings of Deno.readDir(folder)) {
      if (!settings.isDirectory) continue;
      const within = join(folder, settings.name);
      const before = files.length;
      for await (const { name } of Deno.readDir(within)) {
        const path = join(within, name);
        const { size, mtime } = await Deno.lstat(path);
        files.push({ path, size, usedAt: mtime?.getTime() ?? 0 });
      }
      if (files.length === before) await Deno.remove(within);
    }
  } catch {
    // There is no cache yet, or somebody else is pruning it.
  }
  return files;
}
