/**
 * Which module does what a command is for. Each is loaded only when its command runs: `--help` should
 * not wait for kernels and decoders.
 *
 * @module
 */

import type { Action } from "../invocation.ts";

/** Loads a command's action, by the command's words. */
export const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  "train": async () => (await import("./train.ts")).train as Action,
  "doctor": async () => (await import("./doctor.ts")).doctor as Action,
  "setup": async () => (await import("./setup.ts")).setup as Action,
  "verify": async () => (await import("./verify.ts")).verify as Action,
  "bench step": async () => (await import("./bench_step.ts")).benchStep as Action,
};
