/** Prints the bytes by which this process grows over five hundred training steps. */

import { openGpu } from "../src/gpu/device.ts";
import { Trainer } from "../src/train/trainer.ts";

using gpu = await openGpu();
using trainer = Trainer.create(gpu, { size: 32, width: 4, batch: 1 });
const photos = new Uint8Array(32 * 32 * 3);

async function run(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    trainer.step(photos);
    if (step % 50 === 49) await trainer.readMetrics();
  }
}

await run(150); // compilers and pools have settled
const before = Deno.memoryUsage();
await run(500);
console.log(Deno.memoryUsage().rss - before.rss);
