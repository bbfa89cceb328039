/**
 * Sets of synthetic facades as folders of JPEG and PNG files.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { UserError } from "../errors.ts";
import { explainWriteError, replaceFileSync } from "../files/atomic.ts";
import { Purpose, uniform } from "../random.ts";
import { FACADE_STYLES, type FacadeStyle } from "../synth/facade.ts";
import type { Progress, ResolvedOptions } from "./options.ts";
import { IMAGE_WORKER, withPool, type WorkerPool } from "./pool.ts";
import { ProgressMeter } from "./progress.ts";
import type { FacadeFile } from "./facade_file.ts";
import type { Item } from "./items.ts";
import { listPictures } from "./sources.ts";

/** Options of {@linkcode synthFacades}. */
export interface SynthOptions {
  /** The folder to write to; made if it is missing. Files that are there already are kept. */
  readonly folder: string;
  /** How many; default 320. */
  readonly count?: number;
  /** Pixels a side; default: 192 for the street, else 192 to 288, each its own, as photos differ. */
  readonly size?: number;
  /** Seed: an unsigned 32-bit integer; default 1. */
  readonly seed?: number;
  /** What kind of facades; default `street`. */
  readonly style?: FacadeStyle;
  /** File format; default `mixed`: one PNG to seven JPEG. */
  readonly format?: "jpeg" | "png" | "mixed";
  /** Worker threads; default: the machine's cores, at most 8. */
  readonly workers?: number;
  /** Called now and then. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The sets in the cache folder: changing what facades look like must change their names. */
const CACHED_SETS: Readonly<Record<FacadeStyle, string>> = {
  street: "street-1",
  varied: "facades-1",
};
const DEFAULT_COUNT = 320;
const STREET_SIZE = 192;
/** Long enough for any machine to draw one. */
const TIMEOUT = 60_000;

/**
 * Draws a set of facades into a folder: a pure function of seed, count, size and format.
 *
 * @returns The files, in order.
 * @throws {UserError} If an option is out of range or the folder cannot be written.
 */
export async function synthFacades(options: SynthOptions): Promise<string[]> {
  const workers = options.workers ?? Math.min(navigator.hardwareConcurrency, 8);
  return await withPool(IMAGE_WORKER, workers, TIMEOUT, (pool) => drawSet(pool, options));
}

/**
 * The demo's facades within the cache folder, drawn on first use; where there is no cache folder, or
 * it cannot be used, each is drawn when it is read.
 */
export async function defaultFacades(
  pool: WorkerPool,
  { facades, cacheDir, onProgress, onUncached }: Pick<
    ResolvedOptions,
    "facades" | "cacheDir" | "onProgress" | "onUncached"
  >,
): Promise<Item[]> {
  const folder = CACHED_SETS[facades];
  if (cacheDir !== null) {
    try {
      return await cachedSet(pool, { folder: join(cacheDir, folder), style: facades, onProgress });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onUncached(error.message);
    }
  }
  return listSet({ folder, style: facades }).map((drawn): Item => {
    const { path } = drawn;
    return { name: path, path, offset: 0, length: 0, identity: JSON.stringify(drawn), drawn };
  });
}

async function cachedSet(pool: WorkerPool, options: SynthOptions): Promise<Item[]> {
  await removeForeign(options);
  const files = await drawSet(pool, options);
  const sums = files.map((path) => `${sha256(path)}  ${basename(path)}\n`).join("");
  if (sums !== readText(join(options.folder, SUMS))) {
    replaceFileSync(join(options.folder, SUMS), new TextEncoder().encode(sums));
  }
  return (await listPictures(files)).items;
}

/** The digests of the set's files beside them, as `sha256sum` writes them. */
const SUMS = "SHA256SUMS";

/**
 * Removes files of a set in the cache that are not those that were drawn: the disk damaged them, or
 * somebody put others there. They are drawn again.
 */
async function removeForeign(options: SynthOptions): Promise<void> {
  const drawn = new Set(readText(join(options.folder, SUMS))?.split("\n"));
  const present = await listNames(options.folder);
  for (const { path } of listSet(options)) {
    if (!present.has(path) || drawn.has(`${sha256(path)}  ${basename(path)}`)) continue;
    await Deno.remove(path).catch((error) => {
      throw explainWriteError(path, error);
    });
  }
}

function sha256(path: string): string {
  try {
    return createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
  } catch {
    return ""; // whatever stands there, it is not what was drawn
  }
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** The files of a set, drawn or not. */
function listSet(options: SynthOptions): FacadeFile[] {
  const { folder, count = DEFAULT_COUNT, style = "street", seed = 1, format = "mixed" } = options;
  const size = options.size ?? (style === "street" ? STREET_SIZE : undefined);
  const limits: [string, number, number, number][] = [
    ["count", count, 1, 1_000_000],
    ["size", size ?? 256, 16, 2048],
    ["seed", seed, 0, 2 ** 32 - 1],
  ];
  for (const [name, value, low, high] of limits) {
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new UserError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
    }
  }
  if (!FACADE_STYLES.includes(style)) {
    throw new UserError(`style must be ${FACADE_STYLES.join(" or ")}, got ${style}`);
  }
  if (!["jpeg", "png", "mixed"].includes(format)) {
    throw new UserError(`format must be jpeg, png or mixed, got ${format}`);
  }
  return Array.from({ length: count }, (_, index): FacadeFile => {
    const png = format === "png" || (format === "mixed" && index % 8 === 7);
    const name = `facade_${String(index + 1).padStart(4, "0")}.${png ? "png" : "jpg"}`;
    // Sides come after all that drawing the facade may ask of the same dice.
    const side = (axis: number): number =>
      size ?? 192 + 16 * Math.floor(7 * uniform(seed, Purpose.Synth, index, 2 ** 20 + axis));
    return { path: join(folder, name), style, seed, index, width: side(0), height: side(1) };
  });
}

/** Draws what is missing of a set; gives the files, in order. */
async function drawSet(pool: WorkerPool, options: SynthOptions): Promise<string[]> {
  const files = listSet(options);
  const present = await listNames(options.folder);
  const missing = files.filter(({ path }) => !present.has(path));
  if (missing.length > 0) {
    const meter = new ProgressMeter("drawing facades", "photos", options.onProgress ?? (() => {}));
    let problem: string | undefined;
    await pool.runAll(missing.length, { kind: "draw", files: missing }, meter, (index, reason) => {
      problem ??= reason.startsWith("cannot write")
        ? reason
        : `${missing[index].path} cannot be written: ${reason}`;
    });
    if (problem !== undefined) throw new UserError(problem);
  }
  return files.map(({ path }) => path);
}

async function listNames(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    await Deno.mkdir(folder, { recursive: true });
    for await (const { name } of Deno.readDir(folder)) names.add(join(folder, name));
  } catch (error) {
    throw explainWriteError(folder, error);
  }
  return names;
}
