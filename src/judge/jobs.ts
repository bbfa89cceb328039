/**
 * The thread's side of judging: jobs in, what they come to out.
 *
 * @module
 */

import { meanMsSsim } from "../quality/ms_ssim.ts";
import { memorisedAbove, nearestPhotos } from "../quality/nearest.ts";
import type { PictureSet } from "../quality/picture_set.ts";
import { roundSum } from "../quality/sliced_wasserstein.ts";

/** One round of directions of one pair of patch sets, whose numbers lie in shared memory. */
export interface RoundJob {
  /** Patches [count, 147] of one set. */
  readonly a: Float32Array;
  /** Patches [count, 147] of the other. */
  readonly b: Float32Array;
  /** The seed of the directions. */
  readonly seed: number;
  /** Which round. */
  readonly round: number;
}

const WORK = {
  round: ({ a, b, seed, round }: RoundJob) => roundSum(a, b, seed, round),
  meanMsSsim,
  memorisedAbove,
  nearest: ({ samples, photos }: { readonly samples: PictureSet; readonly photos: PictureSet }) =>
    nearestPhotos(samples, photos),
};

/** What there is to do. */
export type Work = typeof WORK;

/** To a thread: what to do, with what. */
export interface Job<Kind extends keyof Work = keyof Work> {
  /** What to do. */
  readonly kind: Kind;
  /** With what. */
  readonly input: Parameters<Work[Kind]>[0];
}

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<Job>) => void) | null;
  postMessage(result: ReturnType<Work[keyof Work]>): void;
}

/** Serves jobs to the thread that started this worker. */
export function serveJobs(): void {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data: { kind, input } }) => {
    const work = WORK[kind] as (input: Job["input"]) => ReturnType<Work[keyof Work]>;
    scope.postMessage(work(input));
  };
}
