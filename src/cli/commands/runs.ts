/**
 * `runs`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT } from "./shared.ts";

/** Lists runs. */
export const RUNS_LIST = {
  name: "list",
  summary: "List the runs in a folder",
  arguments: [{ name: "DIR", help: "the folder of runs; runs/ where left out", optional: true }],
  options: [JSON_RESULT],
} as const satisfies CommandSpec;

/** Compares two runs. */
export const RUNS_COMPARE = {
  name: "compare",
  summary: "Show where two runs differ: settings, results, curves over each other",
  arguments: [
    { name: "A", help: "a run folder" },
    { name: "B", help: "another" },
  ],
  options: [
    {
      name: "out",
      type: "path",
      value: "FILE",
      help: "the curves as PNG, and as SVG beside it",
      default: "compare.png",
    },
    JSON_RESULT,
  ],
} as const satisfies CommandSpec;

/** What is in the run folders. */
export const RUNS = {
  name: "runs",
  summary: "List runs and compare two of them",
  options: [],
  commands: [RUNS_LIST, RUNS_COMPARE],
  examples: [
    { does: "All runs", line: "runs list" },
    { does: "Two runs", line: "runs compare runs/1 runs/2" },
  ],
} as const satisfies CommandSpec;
