/**
 * `bench step`: times whole training steps.
 *
 * @module
 */

import { openGpu } from "../../gpu/device.ts";
import { Purpose, uniform } from "../../random.ts";
import { IMAGE_SIZE } from "../../train/config.ts";
import { Trainer } from "../../train/trainer.ts";
import type { BENCH_STEP } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";

/**
 * Waiting for the GPU costs 10 ms of sleep however little there is to wait for, so steps are timed in
 * groups that take about this long, each with its read-back at the end.
 */
const GROUP_MS = 500;

/** Prints the median and the best time of a step. */
export async function benchStep({ options }: Invocation<typeof BENCH_STEP>): Promise<number> {
  const { batch, width, steps, loss, json } = options;
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, { batch, width, loss });
  const pixels = Uint8Array.from(
    { length: batch * IMAGE_SIZE * IMAGE_SIZE * 3 },
    (_, i) => 256 * uniform(1, Purpose.Synth, 0, i),
  );
  const time = async (count: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < count; i++) trainer.step(pixels);
    await trainer.readMetrics();
    return (performance.now() - start) / count;
  };
  await time(1); // compiles
  const group = Math.max(1, Math.min(Math.round(GROUP_MS / await time(1)), Math.ceil(steps / 5)));
  const times: number[] = [];
  for (let done = 0; done < steps; done += group) {
    times.push(await time(Math.min(group, steps - done)));
  }
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  const median = times.length % 2 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  const adapter = gpu.summary.name;
  if (json) {
    const report = { batch, width, median_ms: median, best_ms: times[0], adapter };
    TERMINAL.write(`${JSON.stringify(report)}\n`);
  } else {
    TERMINAL.write(
      `batch ${batch}, width ${width}, ${steps} steps on ${adapter}\n` +
        `median ${median.toFixed(1)} ms, best ${times[0].toFixed(1)} ms a step\n`,
    );
  }
  return 0;
}
