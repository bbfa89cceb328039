/**
 * The facade photos of the CycleGAN authors, downloaded and unpacked.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { explainWriteError, replaceFileSync } from "../files/atomic.ts";
import type { Progress } from "./options.ts";
import { ProgressMeter } from "./progress.ts";
import { listZip } from "./unzip.ts";

/** An archive of photos and where to get it. */
export interface Archive {
  /** Places that have it, tried in turn. */
  readonly urls: readonly string[];
  /** Its length in bytes. */
  readonly bytes: number;
  /** Its SHA-256, in hexadecimal. */
  readonly sha256: string;
  /** Which of its files are photos. */
  readonly photos: RegExp;
}

/** facades.zip of the CycleGAN authors: 506 photos and as many label maps. */
export const FACADES: Archive = {
  urls: [
    "https://efrosgans.eecs.berkeley.edu/cyclegan/datasets/facades.zip",
    "https://people.eecs.berkeley.edu/~taesung_park/CycleGAN/datasets/facades.zip",
  ],
  bytes: 35_135_868,
  sha256: "9a31ebf3a31b9b5cd195dd5bf62e9308e00cb94604d1019e3889ac84248695c0",
  photos: /(^|\/)(trainA|testA)\/[^/]+\.jpe?g$/i,
};

/** Options of {@linkcode downloadFacades}. */
export interface DownloadOptions {
  /** The folder for the photos; made if it is missing. */
  readonly folder: string;
  /** Another place that has the same archive. */
  readonly url?: string;
  /** What to download; default {@linkcode FACADES}. */
  readonly archive?: Archive;
  /** Milliseconds without a byte after which a connection is given up; default 20,000. */
  readonly stall?: number;
  /** Further tries after the first; each goes on where the last stopped; default 6. */
  readonly retries?: number;
  /** Milliseconds before the first further try, doubled each time; default 500. */
  readonly pause?: number;
  /** Called now and then. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Downloads an archive of photos (going on with a partial download), compares it with its
 * checksum and unpacks the photos.
 *
 * @returns How many photos there are in the folder now.
 * @throws {UserError} If no place delivers the archive, or the folder cannot be written.
 */
export async function downloadFacades(options: DownloadOptions): Promise<number> {
  const { folder, archive = FACADES, onProgress = () => {} } = options;
  const { stall = 20_000, retries = 6, pause = 500 } = options;
  const partial = join(dirname(folder), `${basename(folder)}.zip.part`);
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw explainWriteError(folder, error);
  }
  const urls = options.url ? [options.url] : archive.urls;
  const meter = new ProgressMeter("downloading", "bytes", onProgress, await sizeOf(partial));
  let problem = "";
  for (let attempt = 0; attempt <= retries; attempt++) {
    const url = urls[attempt % urls.length];
    // The first try of every place comes at once.
    if (attempt >= urls.length) {
      await new Promise((go) => setTimeout(go, pause * 2 ** (attempt - urls.length)));
    }
    try {
      await fetchRest(url, partial, archive.bytes, stall, meter);
      const bytes = await Deno.readFile(partial);
      if (createHash("sha256").update(bytes).digest("hex") === archive.sha256) {
        const count = unpackPhotos(bytes, archive.photos, folder);
        await Deno.remove(partial);
        return count;
      }
      await Deno.remove(partial);
      problem = `${url} sent other bytes than expected (the checksum differs)`;
    } catch (error) {
      if (error instanceof UserError) throw error;
      problem = `${url}: ${(error as Error).message}`;
    }
  }
  throw new UserError(
    `the photos could not be downloaded: ${problem}; try again later (it goes on where it stopped), ` +
      "or give a mirror with `url`",
  );
}

/** Appends what is missing of a file; ends well only with the whole length. */
async function fetchRest(
  url: string,
  path: string,
  total: number,
  stall: number,
  meter: ProgressMeter,
): Promise<void> {
  let done = await sizeOf(path);
  if (done > total) {
    await Deno.remove(path);
    done = 0;
  }
  if (done === total) return;
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error(`nothing came for ${stall / 1000} s`)), stall);
  };
  try {
    alive();
    const headers: HeadersInit = done > 0 ? { range: `bytes=${done}-` } : {};
    const response = await fetch(url, { headers, signal: abort.signal });
    const goesOn = response.status === 206 &&
      response.headers.get("content-range")?.startsWith(`bytes ${done}-`) === true;
    if (!goesOn && response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    if (!goesOn) done = 0; // it sends the whole file again
    using file = await openPartial(path);
    await file.truncate(done);
    await file.seek(done, Deno.SeekMode.Start);
    for await (const chunk of response.body ?? []) {
      alive();
      if (done + chunk.length > total) {
        await file.truncate(0);
        throw new Error(`it sent more than the ${total} bytes expected`);
      }
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
      done += chunk.length;
      meter.update(done, total);
    }
    if (done < total) throw new Error(`it stopped at byte ${done} of ${total}`);
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * Opens the file that a download goes on in: its name can be guessed, so that it is found again, and
 * whoever can write to the folder may have put a link there.
 *
 * @throws {UserError} If what stands there is no file, or the place may not be written to.
 */
async function openPartial(path: string): Promise<Deno.FsFile> {
  try {
    const before = await Deno.lstat(path).catch(() => undefined);
    if (!before) return await Deno.open(path, { write: true, createNew: true });
    if (before.isFile) {
      const file = await Deno.open(path, { write: true });
      const { dev, ino } = await file.stat();
      if (dev === before.dev && ino === before.ino) return file;
      file.close();
    }
  } catch (error) {
    throw explainWriteError(path, error);
  }
  throw new UserError(`cannot write ${path}: a link or a folder stands there; remove it`);
}

/** Writes the photos under flat names: `trainA/1.jpg` becomes `trainA_1.jpg`. */
function unpackPhotos(
  bytes: Uint8Array<ArrayBuffer>,
  photos: RegExp,
  folder: string,
): number {
  const entries = listZip(bytes).filter(({ name }) => photos.test(name));
  if (entries.length === 0) throw new UserError("the archive holds none of the photos expected");
  for (const { name, read } of entries) {
    const flat = name.split(/[/\\]/).slice(-2).join("_");
    replaceFileSync(join(folder, flat), read());
  }
  return entries.length;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.lstat(path)).size;
  } catch {
    return 0;
  }
}
