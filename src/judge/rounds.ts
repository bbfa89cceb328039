/**
 * The thread's side of a sliced Wasserstein distance: rounds of directions in, their sums out.
 *
 * @module
 */

import { roundSum } from "../quality/sliced_wasserstein.ts";

/** To a thread: one round of one pair of patch sets, whose numbers lie in shared memory. */
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

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<RoundJob>) => void) | null;
  postMessage(sum: number): void;
}

/** Serves rounds to the thread that started this worker. */
export function serveRounds(): void {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data: { a, b, seed, round } }) =>
    scope.postMessage(roundSum(a, b, seed, round));
}
