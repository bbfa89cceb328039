/**
 * Judging on all cores.
 *
 * @module
 */

import type { PatchSet } from "../quality/patches.ts";
import { ROUNDS, type Swd, swdOf } from "../quality/sliced_wasserstein.ts";
import type { Job, Work } from "./jobs.ts";

const WORKER = new URL("../../workers/quality_worker.ts", import.meta.url);

/** An array in memory that threads share. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/** Two sets' patches, level by level, whose arrays {@linkcode sharedFloats} made. */
export type PatchPair = readonly [readonly PatchSet[], readonly PatchSet[]];

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that do jobs in the order they were asked for; they start with the first jobs. */
export class Threads implements Disposable {
  readonly #most: number;
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];

  /** Starts none yet; `count` is how many there may be. */
  constructor(count: number = navigator.hardwareConcurrency) {
    this.#most = Math.max(1, count);
  }

  /** Has a thread do a job. */
  ask<Kind extends keyof Work>(
    kind: Kind,
    input: Job<Kind>["input"],
  ): Promise<ReturnType<Work[Kind]>> {
    return new Promise((resolve, reject) => {
      const job: Job = { kind, input };
      this.#waiting.push({ job, resolve: resolve as Waiting["resolve"], reject });
      this.#next();
    });
  }

  /** Ends the threads, whatever they are at. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }

  #next(): void {
    const worker = this.#waiting.length > 0 ? this.#idle.pop() ?? this.#start() : undefined;
    if (!worker) return;
    const { job, resolve, reject } = this.#waiting.shift()!;
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#idle.push(worker);
      this.#next();
      resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`a thread that judges died: ${event.message}`));
    };
    worker.postMessage(job);
  }

  #start(): Worker | undefined {
    if (this.#workers.length === this.#most) return undefined;
    const worker = new Worker(WORKER, { type: "module" });
    this.#workers.push(worker);
    return worker;
  }
}

/**
 * The distance of a pair, the same numbers as `slicedWasserstein()` gives and however many threads
 * there are: each round's sum has its place.
 */
export async function distance(threads: Threads, [a, b]: PatchPair, seed: number): Promise<Swd> {
  const levels = a.map(async ({ size, data }, i) => ({
    size,
    sums: await Promise.all(
      Array.from(
        { length: ROUNDS },
        (_, round) => threads.ask("round", { a: data, b: b[i].data, seed, round }),
      ),
    ),
  }));
  return swdOf(await Promise.all(levels));
}
