/**
 * `tune`: finds the fastest kernels for this adapter and keeps what it found.
 *
 * @module
 */

import { openGpu } from "../../host/open_gpu.ts";
import { tuneGpu } from "../../host/tune_gpu.ts";
import { workKey } from "../../host/tuning_store.ts";
import type { PictureSize } from "../../model/layers.ts";
import { convFlops } from "../../ops/conv/product.ts";
import type { TUNE } from "../commands/tune.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";
import { presetFor } from "../../train/presets.ts";
import { DEFAULT_SETTINGS } from "../../train/settings.ts";
import type { TunedProduct } from "../../tune/tuner.ts";

/** Measures, prints and stores. */
export async function tune({ options }: Invocation<typeof TUNE>): Promise<number> {
  const size = options.size as PictureSize; // the command line takes no other
  using gpu = await openGpu({ width: options.width ?? presetFor({ software: true }, size).width });
  const preset = presetFor(gpu, size);
  const { batch = preset.batch, width = preset.width, budget, json } = options;
  const { tuned, path } = await tuneGpu(gpu, { size, width, nz: DEFAULT_SETTINGS.nz, batch }, {
    ...(budget === undefined ? {} : { budget: 1000 * budget }),
    onProgress: (done, total, product) => {
      if (!json) TERMINAL.write(`${done}/${total}  ${describe(product)}\n`);
    },
  });
  TERMINAL.write(json ? `${JSON.stringify({ size, batch, width, tuned })}\n` : `Kept in ${path}\n`);
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
