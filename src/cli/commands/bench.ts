/**
 * `bench`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT } from "./shared.ts";

/** Times whole training steps. */
export const BENCH_STEP = {
  name: "step",
  summary: "Time whole training steps, the read-back at the end included",
  options: [
    {
      name: "batch",
      type: "integer",
      value: "N",
      min: 1,
      max: 1024,
      help: "photos a step",
      default: 16,
    },
    {
      name: "width",
      type: "integer",
      value: "N",
      min: 4,
      max: 512,
      multipleOf: 4,
      help: "channels of the narrowest hidden layer",
      default: 64,
    },
    {
      name: "steps",
      type: "integer",
      value: "N",
      min: 1,
      max: 10_000,
      help: "steps to time",
      default: 10,
    },
    {
      name: "loss",
      type: "choice",
      choices: ["ls", "bce"],
      value: "NAME",
      help: "the loss",
      default: "ls",
    },
    JSON_RESULT,
  ],
  examples: [{ does: "The peers' setting", line: "bench step --batch 16 --width 64 --steps 10" }],
} as const satisfies CommandSpec;

/** Benchmarks. */
export const BENCH = {
  name: "bench",
  summary: "Time this machine",
  options: [],
  commands: [BENCH_STEP],
} as const satisfies CommandSpec;
