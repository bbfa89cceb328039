/**
 * Where a training step's time goes, kernel by kernel; and how long whole steps take.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { timeDispatches } from "../gpu/timing.ts";
import { hash4 } from "../random.ts";
import type { TrainConfig } from "../train/config.ts";
import { Trainer } from "../train/trainer.ts";
import { type Roofline, shareOfCeiling } from "./roofline.ts";

/** All dispatches of one kernel in a step. */
export interface KernelShare {
  /** The kernel. */
  readonly label: string;
  /** Dispatches a step. */
  readonly count: number;
  /** Milliseconds a step, all dispatches together. */
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

/** Random photos as bytes, [B, 64, 64, 3]. */
function randomPhotos(batch: number): Uint8Array {
  const words = new Uint32Array(batch * 64 * 64 * 3 / 4);
  for (let i = 0; i < words.length; i += 4) words.set(hash4(i, 1, 2, 3), i);
  return new Uint8Array(words.buffer);
}

/**
 * Times every dispatch of a training step, least of `rounds`, largest first.
 *
 * @throws {Error} If the adapter has no timestamps.
 */
export async function profileStep(
  gpu: Gpu,
  config: Partial<TrainConfig>,
  roofline: Roofline,
  rounds = 5,
): Promise<KernelShare[]> {
  using trainer = Trainer.create(gpu, config);
  const { inputs, update } = trainer.recorded;
  trainer.step(randomPhotos(trainer.config.batch)); // compiles, and leaves numbers to work on
  await trainer.finished();
  let best: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const times = await timeDispatches(gpu, inputs, update);
    best = times.map(({ ms }, i) => Math.min(ms, best[i] ?? Infinity));
  }
  const groups = new Map<string, { count: number; ms: number; flops: number; bytes: number }>();
  [...inputs.dispatches, ...update.dispatches].forEach(({ label, flops = 0, bytes = 0 }, i) => {
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

/** How long whole training steps take. */
export interface StepTimes {
  /** Milliseconds a step: the median of all. */
  readonly medianMs: number;
  /** Milliseconds of the fastest step. */
  readonly bestMs: number;
  /** Milliseconds of host time a step, encoding and submitting: the median. */
  readonly hostMs: number;
  /** Milliseconds from the start of recording to the end of the first step. */
  readonly firstStepMs: number;
}

/** Times `steps` training steps on generated data, each with its read-back at the end. */
export async function benchStep(
  gpu: Gpu,
  config: Partial<TrainConfig>,
  steps: number,
): Promise<StepTimes> {
  const begin = performance.now();
  using trainer = Trainer.create(gpu, config);
  const photos = randomPhotos(trainer.config.batch);
  trainer.step(photos);
  await trainer.readMetrics();
  const firstStepMs = performance.now() - begin;
  const [whole, host]: [number[], number[]] = [[], []];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    trainer.step(photos);
    host.push(performance.now() - start);
    await trainer.readMetrics();
    whole.push(performance.now() - start);
  }
  return {
    medianMs: median(whole),
    bestMs: Math.min(...whole),
    hostMs: median(host),
    firstStepMs,
  };
}

/** The middle of some numbers, the mean of the middle two where they are even. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
