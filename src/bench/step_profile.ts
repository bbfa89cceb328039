/**
 * Where a training step's time goes, kernel by kernel.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { timeEntries } from "../gpu/timing.ts";
import type { TrainSettings } from "../train/settings.ts";
import { Trainer } from "../train/trainer.ts";
import { type Roofline, shareOfCeiling } from "./roofline.ts";
import { randomPhotos } from "./step_times.ts";

/** All dispatches of one kernel, or all copies of one kind, in a step. */
export interface KernelShare {
  /** The kernel, or what is copied. */
  readonly label: string;
  /** Dispatches a step, or textures copied into. */
  readonly count: number;
  /** Milliseconds a step, all together. */
  readonly ms: number;
  /** Arithmetic, a product counted as direct convolution. */
  readonly gflops: number;
  /** Memory, counting each operand once. */
  readonly gbPerSecond: number;
  /** Share of the ceiling that binds it; a Winograd product may exceed 1. */
  readonly share: number;
  /** Which ceiling that is. */
  readonly bound: "arithmetic" | "memory";
}

/**
 * A GPU that idles lowers its clock, to a fifth and less, and waiting for a read-back is idling: so work
 * that takes it some 100 ms goes ahead of every measurement, without a wait in between.
 */
function warmUp(gpu: Gpu, trainer: Trainer): void {
  if (gpu.software) return;
  const photos = randomPhotos(trainer.settings);
  for (let i = 0; i < 40; i++) trainer.step(photos);
}

/**
 * Times every dispatch of a training step, and the copies between them, least of `rounds`, largest first.
 *
 * @throws {Error} If the adapter has no timestamps.
 */
export async function profileStep(
  gpu: Gpu,
  config: Partial<TrainSettings>,
  roofline: Roofline,
  rounds = 5,
): Promise<KernelShare[]> {
  using trainer = Trainer.create(gpu, config);
  const { inputs, update } = trainer.recorded;
  trainer.step(randomPhotos(trainer.settings)); // compiles, and leaves numbers to work on
  await trainer.finished();
  let best: number[] = [];
  for (let round = 0; round < rounds; round++) {
    warmUp(gpu, trainer);
    const times = await timeEntries(gpu, inputs, update);
    best = times.map(({ ms }, i) => Math.min(ms, best[i] ?? Infinity));
  }
  const groups = new Map<string, { count: number; ms: number; flops: number; bytes: number }>();
  [...inputs.entries, ...update.entries].forEach(({ label, flops = 0, bytes = 0 }, i) => {
    const group = groups.get(label) ?? { count: 0, ms: 0, flops: 0, bytes: 0 };
    group.count++;
    group.ms += best[i];
    group.flops += flops;
    group.bytes += bytes;
    groups.set(label, group);
  });
  return [...groups].map(([label, { count, ms, flops, bytes }]): KernelShare => ({
    label,
    count,
    ms,
    gflops: flops / ms / 1e6,
    gbPerSecond: bytes / ms / 1e6,
    ...shareOfCeiling({ flops, bytes }, ms, roofline),
  })).sort((a, b) => b.ms - a.ms);
}
