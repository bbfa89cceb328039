/**
 * `studio`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";

/** The page in a browser. */
export const STUDIO = {
  name: "studio",
  summary: "Watch runs, draw and train in a browser page",
  details:
    "Serves a page on this machine alone: watches runs as they go, draws with their generators, " +
    "trains on photos dropped onto it, and shows what each loss does; all on the visitor's own GPU. " +
    "The address holds a random token, so that other users of the machine are kept out.",
  arguments: [{ name: "RUN", help: "a run, or a folder of runs; default runs", optional: true }],
  options: [
    {
      name: "port",
      type: "integer",
      value: "N",
      min: 0,
      max: 65_535,
      help: "the port; 0: any free one",
      default: 0,
    },
    { name: "open", type: "flag", help: "open it in the browser" },
    {
      name: "build",
      type: "path",
      output: true,
      value: "DIR",
      help: "write the page as plain files for any web server instead",
    },
    {
      name: "checkpoint",
      type: "path",
      value: "FILE",
      help: "with --build: a checkpoint whose generator the page draws with",
    },
  ],
  examples: [
    { does: "Watch and draw", line: "studio --open" },
    { does: "A page for a class", line: "studio --build page --checkpoint runs/1" },
  ],
} as const satisfies CommandSpec;
