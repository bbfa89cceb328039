/**
 * How long whole training steps take.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { hash4 } from "../random.ts";
import type { TrainSettings } from "../train/settings.ts";
import { Trainer } from "../train/trainer.ts";

/** How long whole training steps take. */
export interface StepTimes {
  /** Milliseconds a step: the median of all groups. */
  readonly medianMs: number;
  /** Milliseconds a step of the fastest group. */
  readonly bestMs: number;
  /**
   * Milliseconds of host time to encode and submit a step to an idle GPU: the median. A busy one may
   * make the submit wait, which is the GPU's time, not the host's.
   */
  readonly hostMs: number;
  /** Milliseconds from before the networks are made to the end of the first step. */
  readonly firstStepMs: number;
  /** Milliseconds from the program's start (the page's, in a browser) to the end of the first step. */
  readonly startToFirstStepMs: number;
}

/**
 * Waiting for the GPU costs 10 ms of sleep however little there is to wait for, so short steps are
 * timed in groups that take about this long, each with its read-back at the end.
 */
const GROUP_MS = 500;

/** Random photos as bytes, [B, size, size, 3]. */
export function randomPhotos({ batch, size }: { batch: number; size: number }): Uint8Array {
  const words = new Uint32Array(batch * size * size * 3 / 4);
  for (let i = 0; i < words.length; i += 4) words.set(hash4(i, 1, 2, 3), i);
  return new Uint8Array(words.buffer);
}

/**
 * Times about `steps` training steps on generated data, read-backs included; `prepare` is what a program
 * does with a trainer before its first step, and gives what ends it.
 */
export async function timeSteps(
  gpu: Gpu,
  config: Partial<TrainSettings>,
  steps: number,
  prepare: (trainer: Trainer) => Promise<() => Promise<void>> = () =>
    Promise.resolve(async () => {}),
): Promise<StepTimes> {
  const begin = performance.now();
  using trainer = Trainer.create(gpu, config);
  const photos = randomPhotos(trainer.settings);
  const hosts: number[] = [];
  const time = async (count: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      trainer.step(photos);
      if (i === 0) hosts.push(performance.now() - start);
    }
    await trainer.readMetrics();
    return (performance.now() - start) / count;
  };
  const prepared = await prepare(trainer);
  await time(1); // compiles
  const startToFirstStepMs = performance.now();
  const firstStepMs = startToFirstStepMs - begin;
  await prepared();
  const group = Math.max(1, Math.min(Math.round(GROUP_MS / await time(1)), Math.ceil(steps / 5)));
  hosts.length = 0;
  const times: number[] = [];
  for (let done = 0; done < steps; done += group) {
    times.push(await time(Math.min(group, steps - done)));
  }
  return {
    medianMs: median(times),
    bestMs: Math.min(...times),
    hostMs: median(hosts),
    firstStepMs,
    startToFirstStepMs,
  };
}

/** The middle of some numbers, the mean of the middle two where they are even. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
