/**
 * `bench gpu`: one JSON of all that counts on a GPU.
 *
 * @module
 */

import { benchGpu } from "../../bench/gpu.ts";
import { openGpu } from "../../host/open_gpu.ts";
import { tuneGpu } from "../../host/tune_gpu.ts";
import { DEFAULT_SETTINGS } from "../../train/settings.ts";
import type { BENCH_GPU } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";

/** Measures, tells progress on standard error, and prints the report. */
export async function benchGpuAction(_: Invocation<typeof BENCH_GPU>): Promise<number> {
  using gpu = await openGpu();
  const { size, nz } = DEFAULT_SETTINGS;
  const report = await benchGpu(gpu, {
    tune: async (batch, half) => {
      const { tuned } = await tuneGpu(gpu, { size, nz, width: 64, batch, half }, {
        budget: 15_000,
      });
      return tuned;
    },
    log: (line) => TERMINAL.writeError(`${line}\n`),
  });
  TERMINAL.write(`${JSON.stringify(report)}\n`);
  return 0;
}
