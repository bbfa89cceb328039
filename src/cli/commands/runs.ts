/**
 * `runs`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT, QUIET } from "./shared.ts";

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
      output: true,
      value: "FILE",
      help: "the curves as PNG, and as SVG beside it",
      default: "compare.png",
    },
    JSON_RESULT,
  ],
} as const satisfies CommandSpec;

/** Draws a run's report. */
export const RUNS_REPORT = {
  name: "report",
  summary: "Draw a run's plots, animation and report again",
  details:
    "Draws what a run leaves at its end from what lies in its folder, whether it ended, was " +
    "killed or goes on.",
  arguments: [{ name: "RUN", help: "a run folder; the last run where left out", optional: true }],
  options: [QUIET],
} as const satisfies CommandSpec;

/** What is in the run folders. */
export const RUNS = {
  name: "runs",
  summary: "List runs, compare two of them, draw a report again",
  options: [],
  commands: [RUNS_LIST, RUNS_COMPARE, RUNS_REPORT],
  examples: [
    { does: "All runs", line: "runs list" },
    { does: "Two runs", line: "runs compare runs/1 runs/2" },
    { does: "The report of a run that was killed", line: "runs report runs/1" },
  ],
} as const satisfies CommandSpec;
