/**
 * How fast photos become batches, and how long a consumer waits for them.
 *
 * @module
 */

import { openDataset } from "../data/dataset.ts";
import type { DatasetOptions } from "../data/options.ts";

/** Options of {@linkcode benchData}. */
export type DataBenchOptions = Omit<DatasetOptions, "cacheDir"> & {
  /** Seconds that each of the two runs over warm photos takes; default 3. */
  readonly seconds?: number;
  /** Milliseconds between the paced consumer's batches; default 5. */
  readonly pace?: number;
};

/** What {@linkcode benchData} measured. */
export interface DataBench {
  /** Usable photos. */
  readonly photos: number;
  /** Photos in a batch. */
  readonly batch: number;
  /** Worker threads. */
  readonly workers: number;
  /** Photos decoded per second from their files, workers' start included. */
  readonly cold_images_per_s: number;
  /** Photos read per second at a second start, from the disk cache, workers' start included. */
  readonly restart_images_per_s: number;
  /** Photos augmented per second, decoded before, taken as fast as they come. */
  readonly warm_images_per_s: number;
  /** Milliseconds between the paced consumer's batches. */
  readonly pace_ms: number;
  /** The share of its time that the paced consumer waits. */
  readonly wait_share: number;
  /** The longest of its waits, in milliseconds. */
  readonly longest_wait_ms: number;
}

/**
 * Times the photo pipeline: decoding, a second start, augmentation at full speed, and a consumer
 * that takes a batch at a steady pace, blocking its thread in between as waiting for a GPU does.
 * The disk cache is a temporary folder.
 *
 * @throws {UserError} As {@linkcode openDataset}.
 */
export async function benchData(options: DataBenchOptions): Promise<DataBench> {
  const { seconds = 3, pace = 5, ...rest } = options;
  const { batch = 64, workers = Math.min(navigator.hardwareConcurrency, 8) } = rest;
  const cacheDir = await Deno.makeTempDir({ prefix: "facadegan-bench-" });
  try {
    const open = { ...rest, batch, workers, cacheDir };
    const first = await openDataset(open);
    const cold = first.count / first.stats.openSeconds;
    await first.close();
    await using data = await openDataset(open);
    let step = 0;
    const take = async (): Promise<number> => {
      const before = data.waited;
      (await data.batch(step++)).release();
      return data.waited - before;
    };
    for (let i = 0; i < 50; i++) await take(); // every worker's code is compiled by then

    const warmed = performance.now();
    const from = step;
    while (performance.now() - warmed < 1000 * seconds) await take();
    const warm = (step - from) * batch / ((performance.now() - warmed) / 1000);

    const still = new Int32Array(new SharedArrayBuffer(4));
    const started = performance.now();
    let waits = 0;
    let longest = 0;
    for (let due = started; performance.now() - started < 1000 * seconds; due += pace) {
      Atomics.wait(still, 0, 0, Math.max(0, due - performance.now()));
      const wait = await take();
      waits += wait;
      longest = Math.max(longest, wait);
    }
    return {
      photos: data.count,
      batch,
      workers,
      cold_images_per_s: cold,
      restart_images_per_s: data.count / data.stats.openSeconds,
      warm_images_per_s: warm,
      pace_ms: pace,
      wait_share: waits / (performance.now() - started),
      longest_wait_ms: longest,
    };
  } finally {
    await Deno.remove(cacheDir, { recursive: true });
  }
}
