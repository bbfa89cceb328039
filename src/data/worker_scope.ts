/**
 * The worker thread's side of the pool.
 *
 * @module
 */

import { type Decode, loadDecoders } from "../image/decode.ts";
import { type Report, runPhase, type StartMessage } from "./worker_loop.ts";

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<StartMessage>) => void) | null;
  postMessage(report: Report): void;
}

/** Serves phases to the thread that started this worker, decoding with `decode`. */
export function servePhases(decode: Decode): void {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data }) => {
    const run = (): void => runPhase(data, decode, (report) => scope.postMessage(report));
    const lazy = data.phase.kind === "draw" ? [] : data.phase.photos.lazy;
    // Loaded here, since a phase does not return to the event loop before it ends.
    if (lazy.length > 0) loadDecoders(lazy).then(run);
    else run();
  };
}
