/**
 * `tune`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT, SIZE } from "./shared.ts";

/** Finds the fastest kernels for this adapter. */
export const TUNE = {
  name: "tune",
  summary: "Find the fastest kernels for this adapter, once for a size, batch and width",
  details:
    "Checks every kernel variant against float64, times those that are right, and keeps the " +
    "result in the cache folder, where train finds it. Training works without it, on choices that " +
    "serve most adapters.",
  options: [
    SIZE,
    {
      name: "batch",
      type: "integer",
      value: "N",
      min: 1,
      max: 1024,
      help: "photos a step",
      defaultText: "by the preset: 8, 16 or 64",
    },
    {
      name: "width",
      type: "integer",
      value: "N",
      min: 4,
      max: 512,
      multipleOf: 4,
      help: "channels of the narrowest hidden layer",
      defaultText: "by the preset: 16, 64 or 8",
    },
    {
      name: "budget",
      type: "number",
      value: "SECONDS",
      min: 0,
      max: 3600,
      help: "stop measuring after this long",
      defaultText: "15 on a software adapter, 3 on a GPU",
    },
    JSON_RESULT,
  ],
  examples: [{ does: "For the book's network", line: "tune --batch 64 --width 64" }],
} as const satisfies CommandSpec;
