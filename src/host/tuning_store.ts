/**
 * What tuning found, kept between runs: one JSON file an adapter in the cache folder.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { Gpu } from "../gpu/device.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { candidates, type KernelSelector } from "../ops/conv/selection.ts";
import type { ConvShape, Product } from "../ops/conv/product.ts";
import type { Measured, TunedProduct } from "../tune/tuner.ts";

/** Results to keep for an adapter, the newest: some twenty networks and batches. */
const MAX_RESULTS = 500;
/** Adapters to keep results of, those tuned last: each Deno version counts as one. */
const MAX_FILES = 16;

/** A product and shape as one word: the key of a stored result. */
export function workKey(product: Product, shape: ConvShape): string {
  const { batch, height, width, big, small, half } = shape;
  return `${half ? "half " : ""}${product} ${batch}x${height}x${width} ${big}-${small}`;
}

/**
 * The file for this adapter, its lanes and driver. WebGPU tells no driver version, so Deno's stands in for the
 * half of the compiler that comes with it.
 */
function storePath(gpu: Gpu, folder: string): string {
  const { name, vendor, architecture, subgroupSizes } = gpu.summary;
  const lanes = subgroupSizes?.join("-") ?? "no";
  const identity = `${vendor} ${architecture} ${name} ${lanes} lanes deno ${Deno.version.deno}`;
  return join(folder, "tuning", `${identity.replace(/[^\w.]+/g, "-")}.json`);
}

/** Stored results by {@linkcode workKey}. A missing or damaged file counts as empty. */
export async function loadTuning(gpu: Gpu, folder: string): Promise<Map<string, Measured[]>> {
  try {
    const content: unknown = JSON.parse(await Deno.readTextFile(storePath(gpu, folder)));
    return new Map(Object.entries(content as Record<string, unknown>).filter(isResult));
  } catch {
    return new Map();
  }
}

function isResult(entry: [string, unknown]): entry is [string, Measured[]] {
  return Array.isArray(entry[1]) && entry[1].length > 0 &&
    entry[1].every(({ name, version, ms }) =>
      typeof name === "string" && typeof version === "number" && typeof ms === "number"
    );
}

/**
 * Adds results to the stored ones, which make way where there are too many; returns where they are.
 *
 * @throws {UserError} If the cache folder cannot be written to.
 */
export async function saveTuning(
  gpu: Gpu,
  folder: string,
  tuned: readonly TunedProduct[],
): Promise<string> {
  const all = await loadTuning(gpu, folder);
  for (const { product, shape, measured } of tuned) {
    // JSON has no infinity: candidates that were wrong are left out.
    const key = workKey(product, shape);
    all.delete(key); // a map keeps its order: what is set anew is the newest
    all.set(key, measured.filter(({ ms }) => Number.isFinite(ms)));
  }
  const path = storePath(gpu, folder);
  const newest = [...all].slice(-MAX_RESULTS);
  await writeFileAtomic(path, JSON.stringify(Object.fromEntries(newest), null, 1));
  await removeOldFiles(dirname(path));
  return path;
}

/** Removes the results of adapters and Deno versions that were tuned longest ago. */
async function removeOldFiles(folder: string): Promise<void> {
  try {
    const files: { path: string; writtenAt: number }[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".json")) continue;
      const path = join(folder, name);
      files.push({ path, writtenAt: (await Deno.stat(path)).mtime?.getTime() ?? 0 });
    }
    files.sort((a, b) => b.writtenAt - a.writtenAt);
    for (const { path } of files.slice(MAX_FILES)) await Deno.remove(path);
  } catch {
    // Somebody else is at it.
  }
}

/** A selector that follows stored results; results of older kernel versions are void. */
export function tunedSelector(gpu: Gpu, stored: ReadonlyMap<string, Measured[]>): KernelSelector {
  return (product, shape) => {
    const measured = stored.get(workKey(product, shape));
    const able = candidates(gpu, product, shape);
    return measured?.find(({ name, version }) =>
      able.some((variant) => variant.name === name && variant.version === version)
    )?.name;
  };
}
