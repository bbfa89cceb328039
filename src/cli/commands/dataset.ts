/**
 * `dataset`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import {
  FACADES,
  JSON_RESULT,
  MAX_PIXELS_OPTION,
  MAX_SEED,
  MIN_INTACT,
  QUIET,
  SIZE,
} from "./shared.ts";

/** Draws facades. */
export const DATASET_SYNTH = {
  name: "synth",
  summary: "Draw facades into a folder of JPEG and PNG files",
  arguments: [{ name: "DIR", help: "the folder; files that are there already are kept" }],
  options: [
    {
      name: "count",
      type: "integer",
      value: "N",
      min: 1,
      max: 1_000_000,
      help: "how many",
      default: 320,
    },
    {
      name: "size",
      type: "integer",
      value: "N",
      min: 16,
      max: 2048,
      help: "pixels a side",
      defaultText: "192, or with varied facades 192 to 288, each its own",
    },
    FACADES,
    { name: "seed", type: "integer", value: "N", min: 0, max: MAX_SEED, help: "seed", default: 1 },
    {
      name: "format",
      type: "choice",
      choices: ["jpeg", "png", "mixed"],
      value: "NAME",
      help: "file format; mixed: one PNG to seven JPEG",
      default: "mixed",
    },
    {
      name: "workers",
      type: "integer",
      value: "N",
      min: 1,
      max: 256,
      help: "threads that draw",
      defaultText: "the processor's cores, at most 8",
      env: "FACADEGAN_WORKERS",
    },
    QUIET,
  ],
  examples: [{
    does: "A thousand large ones",
    line: "dataset synth drawn --count 1000 --size 512 --facades varied",
  }],
} as const satisfies CommandSpec;

/** Looks at photos before training on them. */
export const DATASET_INSPECT = {
  name: "inspect",
  summary: "Show what a folder of photos holds, what cannot be used, and what the network will see",
  arguments: [{
    name: "PATH",
    help: "a folder of photos, a tar or zip of them, a pattern in quotes, or @LIST",
    many: true,
  }],
  options: [
    {
      name: "crop",
      type: "choice",
      choices: ["whole", "left", "right"],
      value: "PART",
      help: "the part of each picture that is the photo",
      default: "whole",
    },
    {
      name: "trim-border",
      type: "flag",
      help: "cut off the black or grey wedges of rectified photos",
    },
    MIN_INTACT,
    MAX_PIXELS_OPTION,
    SIZE,
    {
      name: "sheet",
      type: "path",
      output: true,
      value: "FILE",
      help: "the contact sheet of what the network will see, as PNG",
      default: "contact-sheet.png",
    },
    JSON_RESULT,
    QUIET,
  ],
  examples: [{ does: "Before training", line: "dataset inspect photos --sheet seen.png" }],
} as const satisfies CommandSpec;

/** Downloads photos. */
export const DATASET_DOWNLOAD = {
  name: "download",
  summary: "Download 506 facade photos (35 MB); a partial download goes on where it stopped",
  arguments: [{ name: "SET", help: "the set to download: facades", choices: ["facades"] }],
  options: [
    {
      name: "out",
      type: "path",
      output: true,
      value: "DIR",
      help: "the folder for the photos",
      default: "facades",
    },
    {
      name: "url",
      type: "text",
      value: "URL",
      help: "another place that has the same archive",
      defaultText: "the authors' two servers",
    },
    QUIET,
  ],
  examples: [{ does: "Then train on them", line: "dataset download facades --out photos" }],
} as const satisfies CommandSpec;

/** Photos to train on. */
export const DATASET = {
  name: "dataset",
  summary: "Draw, inspect or download photos to train on",
  options: [],
  commands: [DATASET_SYNTH, DATASET_INSPECT, DATASET_DOWNLOAD],
} as const satisfies CommandSpec;
