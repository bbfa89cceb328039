/**
 * Measuring kernels and keeping what was found.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { cacheDir } from "../files/cache_dir.ts";
import type { Gpu } from "../gpu/device.ts";
import { type Architecture, trainingWork } from "../model/layers.ts";
import { setKernelSelector } from "../ops/conv/selection.ts";
import { tune, type TunedProduct, type TuneOptions } from "../tune/tuner.ts";
import { loadTuning, saveTuning, tunedSelector } from "./tuning_store.ts";

/**
 * Finds the fastest kernels for networks and a batch, and uses them from now on: on this GPU at
 * once, by {@linkcode openTunedGpu} in later processes. Trainers made before keep theirs.
 *
 * @returns What was measured, and the file that keeps it.
 * @throws {UserError} If there is no cache folder, or it cannot be written to.
 */
export async function tuneGpu(
  gpu: Gpu,
  networks: Architecture & { readonly batch: number; readonly half?: boolean },
  options: TuneOptions = {},
): Promise<{ readonly tuned: readonly TunedProduct[]; readonly path: string }> {
  const folder = cacheDir();
  if (!folder) {
    throw new UserError("there is no cache folder to keep the result in: set FACADEGAN_CACHE");
  }
  const { batch, half = false } = networks;
  const tuned = await tune(gpu, trainingWork(networks, batch, half), options);
  const path = await saveTuning(gpu, folder, tuned);
  setKernelSelector(gpu, tunedSelector(gpu, await loadTuning(gpu, folder)));
  return { tuned, path };
}
