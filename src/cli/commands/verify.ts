/**
 * `verify`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT } from "./shared.ts";

/** Replays a run that PyTorch recorded. */
export const VERIFY = {
  name: "verify",
  summary: "Replay a recorded PyTorch run and compare every step",
  details: "Loads the initial weights of a recorded run, feeds it the recorded photos and noise, " +
    "and compares the metrics of every step and the final weights, with each kernel set. " +
    "Exit status 1 where they differ.",
  arguments: [{ name: "FIXTURE", help: "a recorded run in a safetensors file" }],
  options: [
    {
      name: "kernels",
      type: "choice",
      choices: ["both", "accurate", "training"],
      value: "WORD",
      help: "accurate: products whose sums round once; training: the fast ones that train uses",
      default: "both",
    },
    JSON_RESULT,
  ],
  examples: [{ does: "Replay a recording", line: "verify tests/fixtures/ls-w4-b4.safetensors" }],
} as const satisfies CommandSpec;
