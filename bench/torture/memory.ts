/**
 * A long training, and what memory it takes on the way.
 *
 * @module
 */

import { openGpu } from "../../src/gpu/device.ts";
import { Trainer } from "../../src/train/trainer.ts";
import type { Fault } from "./fault.ts";

/** Growth from the first third on that counts as flat: what allocators keep back. */
const MEGABYTES = 16;

/** The fault. */
export const MEMORY: Fault = {
  name: "memory",
  fault: "a training that goes on for long",
  happens:
    `memory stays flat: within ${MEGABYTES} MB from the first third of the steps to the last`,
  // Allocators and drivers settle within the first 20,000 steps, some 30 MB above the first thousand;
  // behind them a leak of half a kilobyte a step would show.
  full: 60_000,
  least: 500,
  async run({ count, ended, measured }) {
    using gpu = await openGpu();
    using trainer = Trainer.create(gpu, { size: 32, width: 4, batch: 1 });
    const photos = new Uint8Array(32 * 32 * 3);
    const settled = Math.ceil(count / 3);
    let before = 0;
    for (let step = 1; step <= count; step++) {
      trainer.step(photos);
      if (step % 50 === 0) await trainer.readMetrics();
      if (step === settled) before = Deno.memoryUsage().rss;
      if (step < count) ended("steps");
    }
    await trainer.finished();
    const grown = (Deno.memoryUsage().rss - before) / 1e6;
    measured(`grown by ${grown.toFixed(1)} MB after step ${settled}`);
    ended("steps", grown > MEGABYTES ? `grown by ${grown} MB` : undefined);
  },
};
