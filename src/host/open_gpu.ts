/**
 * The GPU with the kernel variants that were asked for or measured.
 *
 * @module
 */

import { cacheDir } from "../files/cache_dir.ts";
import { readVariable } from "../files/variable.ts";
import { type Gpu, openGpu as openAdapter } from "../gpu/device.ts";
import { backendOf } from "./backend.ts";
import { quietDriver } from "./quiet_driver.ts";
import { type ExpectedNetworks, prepareSoftwareDriver } from "./software_driver.ts";
import { loadTuning, tunedSelector, workKey } from "./tuning_store.ts";
import { trainingWork } from "../model/layers.ts";
import type { TrainSettings } from "../train/settings.ts";
import { selectVariant, setKernelSelector } from "../ops/conv/selection.ts";

/**
 * Opens the fastest adapter there is, with the driver's harmless remarks kept off the screen; a software
 * adapter set up for `networks`, if this is the first adapter that the process asks for.
 *
 * @throws {UserError} If this machine has no adapter.
 */
export function openGpu(networks: ExpectedNetworks = {}): Promise<Gpu> {
  quietDriver();
  prepareSoftwareDriver(networks);
  return openAdapter(backendOf);
}

/** Variants by product and shape: what a run ran on, so that a resumed one runs on the same. */
export type KernelChoices = Readonly<Record<string, string>>;

/**
 * Opens the fastest adapter there is, with the kernels that are fastest on it. Which variant computes a product: the one FACADEGAN_VARIANT names where it can;
 * else that of `choices`; else what `tune` found on this adapter; else the built-in one.
 *
 * @throws {UserError} If there is no adapter.
 */
export async function openTunedGpu(
  choices: KernelChoices = {},
  networks?: ExpectedNetworks,
): Promise<Gpu> {
  const gpu = await openGpu(networks);
  const forced = readVariable("FACADEGAN_VARIANT");
  const folder = cacheDir();
  const tuned = folder ? tunedSelector(gpu, await loadTuning(gpu, folder)) : () => undefined;
  setKernelSelector(
    gpu,
    (product, shape) => forced ?? choices[workKey(product, shape)] ?? tuned(product, shape),
  );
  return gpu;
}

/** The variants that training with these settings runs on. */
export function kernelChoices(gpu: Gpu, settings: TrainSettings): KernelChoices {
  return Object.fromEntries(
    trainingWork(settings, settings.batch, settings.half).map(({ product, shape }) => [
      workKey(product, shape),
      selectVariant(gpu, product, shape).name,
    ]),
  );
}
