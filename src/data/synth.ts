/** @module */
import type { ResolvedOptions } from "./options.ts";
import type { WorkerPool } from "./pool.ts";
export function defaultFacades(_p: WorkerPool, _o: ResolvedOptions): Promise<string> {
  return Promise.reject(new Error("todo"));
}
