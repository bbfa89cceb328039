/**
 * What tuning found, kept between runs: one JSON file an adapter in the cache folder.
 *
 * @module
 */

import { join } from "node:path";
import type { Gpu } from "../gpu/device.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { candidates, type KernelSelector } from "../ops/conv/selection.ts";
import type { ConvShape, Product } from "../ops/conv/product.ts";
import type { Measured, TunedProduct } from "../tune/tuner.ts";

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
 * Adds results to the stored ones; returns where they are.
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
    all.set(workKey(product, shape), measured.filter(({ ms }) => Number.isFinite(ms)));
  }
  const path = storePath(gpu, folder);
  await writeFileAtomic(path, JSON.stringify(Object.fromEntries(all), null, 1));
  return path;
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
