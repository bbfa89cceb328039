/**
 * `tune`: finds the fastest kernels for this adapter and keeps what it found.
 *
 * @module
 */

import { cacheDir } from "../../data/mod.ts";
import { UserError } from "../../errors.ts";
import { openGpu } from "../../host/open_gpu.ts";
import { tune as tuneProducts, type TunedProduct } from "../../tune/tuner.ts";
import { saveTuning, workKey } from "../../host/tuning_store.ts";
import { trainingWork } from "../../model/layers.ts";
import { convFlops } from "../../ops/conv/product.ts";
import type { TUNE } from "../commands/tune.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";
import { PRESETS } from "./train_plan.ts";

/** Measures, prints and stores. */
export async function tune({ options }: Invocation<typeof TUNE>): Promise<number> {
  const folder = cacheDir();
  if (!folder) {
    throw new UserError("there is no cache folder to keep the result in: set FACADEGAN_CACHE");
  }
  using gpu = await openGpu();
  const preset = gpu.software ? PRESETS.small : PRESETS.full;
  const { batch = preset.batch, width = preset.width, budget, json } = options;
  const tuned = await tuneProducts(gpu, trainingWork({ size: 64, width, nz: 100 }, batch), {
    ...(budget === undefined ? {} : { budget: 1000 * budget }),
    onProgress: (done, total, product) => {
      if (!json) TERMINAL.write(`${done}/${total}  ${describe(product)}\n`);
    },
  });
  const path = await saveTuning(gpu, folder, tuned);
  TERMINAL.write(json ? `${JSON.stringify({ batch, width, tuned })}\n` : `Kept in ${path}\n`);
  return 0;
}

function describe({ product, shape, measured }: TunedProduct): string {
  const candidates = measured.slice(0, 3).map(({ name, ms }) =>
    Number.isFinite(ms)
      ? `${name} ${ms.toFixed(2)} ms (${(convFlops(shape) / ms / 1e6).toFixed(0)} GFLOP/s)`
      : `${name} wrong`
  );
  return `${workKey(product, shape)}: ${candidates.join(", ")}`;
}
