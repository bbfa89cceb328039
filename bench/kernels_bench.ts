/**
 * Every kernel of a training step, and its copies into textures, at the network's own sizes, under `deno bench`.
 *
 * A row is all the dispatches of one kernel in a step, or all copies of one kind, run as often as its name says, because
 * waiting for the GPU costs some 10 ms by itself in Deno. `deno task bench kernels` prints the same
 * kernels by the GPU's own clock, with GFLOP/s, GB/s and shares of the adapter's ceilings.
 */

import { openGpu } from "../src/host/open_gpu.ts";
import type { Copies, Dispatch } from "../src/gpu/program.ts";
import { Program, run } from "../src/gpu/program.ts";
import { Trainer } from "../src/train/trainer.ts";

const gpu = await openGpu();
// A device still open at exit now and then brings a software driver down with it.
globalThis.addEventListener("unload", () => gpu.close());
const config = gpu.software ? { batch: 8, width: 32 } : { batch: 64, width: 64 };
const trainer = Trainer.create(gpu, config);
const kernels = Map.groupBy(
  [...trainer.recorded.inputs.entries, ...trainer.recorded.update.entries],
  ({ label }) => label,
);
/** Milliseconds a row should take at least, for the waiting not to matter. */
const ENOUGH_MS = 100;

async function milliseconds(program: Program, repeats: number): Promise<number> {
  const start = performance.now();
  run(gpu, ...Array<Program>(repeats).fill(program));
  await gpu.device.queue.onSubmittedWorkDone();
  return performance.now() - start;
}

function only(entries: readonly (Dispatch | Copies)[]): Program {
  const program = new Program(gpu);
  program.entries.push(...entries);
  return program;
}

for (const [label, entries] of kernels) {
  const program = only(entries);
  await milliseconds(program, 1); // compiles
  let repeats = 1;
  while (await milliseconds(program, repeats) < ENOUGH_MS && repeats < 4096) repeats *= 4;
  Deno.bench({
    name: `${label}: ${entries.length} a step, ${repeats} times`,
    group: `batch ${config.batch}, width ${config.width}, ${gpu.summary.name}`,
    n: 5,
    warmup: 1,
    async fn() {
      await milliseconds(program, repeats);
    },
  });
}
