/**
 * `bench step`: times whole training steps.
 *
 * @module
 */

import { timeSteps } from "../../bench/step_times.ts";
import type { PictureSize } from "../../model/layers.ts";
import type { BENCH_STEP } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { compileBeside } from "../../host/compile_beside.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints the median and the best time of a step. */
export async function benchStep({ options }: Invocation<typeof BENCH_STEP>): Promise<number> {
  const { batch, width, steps, loss, json } = options;
  const size = options.size as PictureSize; // the command line takes no other
  using gpu = await openTunedGpu({}, { width });
  const { medianMs, bestMs, hostMs, firstStepMs, startToFirstStepMs } = await timeSteps(
    gpu,
    { size, batch, width, loss },
    steps,
    compileBeside,
  );
  const adapter = gpu.summary.name;
  if (json) {
    const report = {
      size,
      batch,
      width,
      median_ms: medianMs,
      best_ms: bestMs,
      adapter,
      host_ms: hostMs,
      first_step_ms: firstStepMs,
      start_to_first_step_ms: startToFirstStepMs,
    };
    TERMINAL.write(`${JSON.stringify(report)}\n`);
  } else {
    TERMINAL.write(
      `size ${size}, batch ${batch}, width ${width}, ${steps} steps on ${adapter}\n` +
        `median ${medianMs.toFixed(1)} ms, best ${bestMs.toFixed(1)} ms a step; ` +
        `host ${hostMs.toFixed(2)} ms a step; first step after ${firstStepMs.toFixed(0)} ms, ` +
        `${startToFirstStepMs.toFixed(0)} ms from the program's start\n`,
    );
  }
  return 0;
}
