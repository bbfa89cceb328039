/**
 * Sliced Wasserstein distances on all cores.
 *
 * @module
 */

import type { PatchSet } from "../quality/patches.ts";
import { ROUNDS, type Swd, swdOf } from "../quality/sliced_wasserstein.ts";
import type { RoundJob } from "./rounds.ts";

const WORKER = new URL("../../workers/quality_worker.ts", import.meta.url);

/** An array in memory that threads share. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** Two sets' patches, level by level, whose arrays {@linkcode sharedFloats} made. */
export type PatchPair = readonly [readonly PatchSet[], readonly PatchSet[]];

/**
 * The distances of pairs, the same numbers as `slicedWasserstein()` gives and however many threads
 * there are: each round's sum has its place.
 */
export async function distances(
  pairs: readonly PatchPair[],
  seed: number,
  threads: number = navigator.hardwareConcurrency,
): Promise<Swd[]> {
  const levels = pairs.map(([a, b]) =>
    a.map(({ size, data }, i) => ({ size, a: data, b: b[i].data, sums: Array<number>(ROUNDS) }))
  );
  const jobs = levels.flat().flatMap((level) =>
    Array.from({ length: ROUNDS }, (_, round) => ({ level, round }))
  );
  const serve = async (): Promise<void> => {
    const worker = new Worker(WORKER, { type: "module" });
    try {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const { level, round } = job;
        level.sums[round] = await ask(worker, { a: level.a, b: level.b, seed, round });
      }
    } finally {
      worker.terminate();
    }
  };
  const count = Math.max(1, Math.min(threads, jobs.length));
  await Promise.all(Array.from({ length: count }, serve));
  return levels.map(swdOf);
}

function ask(worker: Worker, job: RoundJob): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`a thread that measures distances died: ${event.message}`));
    };
    worker.postMessage(job);
  });
}
