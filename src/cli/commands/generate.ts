/**
 * `generate`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { CHECKPOINT, CONFIG, MAX_SEED, QUIET, WEIGHTS } from "./shared.ts";

/** Draws pictures with a checkpoint. */
export const GENERATE = {
  name: "generate",
  summary: "Draw pictures with a trained generator",
  details: "Draws pictures with a checkpoint's generator: as a grid, as single files, or as an " +
    "animation between two seeds. Each picture follows from its seed alone and carries it.",
  options: [
    CHECKPOINT,
    WEIGHTS,
    {
      name: "count",
      type: "integer",
      value: "N",
      min: 1,
      max: 10_000,
      help: "pictures to draw",
      defaultText: "64, or as --seeds or --grid say",
      group: "Pictures",
    },
    {
      name: "seed",
      type: "integer",
      value: "N",
      min: 0,
      max: MAX_SEED,
      help: "seed of the pictures; picture i follows from the seed and i",
      default: 1,
      env: "FACADEGAN_SEED",
      group: "Pictures",
    },
    {
      name: "seeds",
      type: "integers",
      value: "SEEDS",
      min: 0,
      max: MAX_SEED,
      help: "one picture of each of these seeds",
      group: "Pictures",
    },
    {
      name: "truncation",
      type: "number",
      value: "X",
      min: 0,
      aboveMin: true,
      max: 10,
      help:
        "noise beyond this many standard deviations is drawn again: fewer oddities, less variety",
      defaultText: "none",
      group: "Pictures",
    },
    {
      name: "interpolate",
      type: "pair",
      value: "A B",
      min: 0,
      max: MAX_SEED,
      help: "walk from one seed's picture to another's along a great circle: a GIF and a sheet",
      group: "Pictures",
    },
    {
      name: "frames",
      type: "integer",
      value: "N",
      min: 2,
      max: 1000,
      help: "pictures of the walk",
      default: 32,
      group: "Pictures",
    },
    {
      name: "out",
      type: "path",
      output: true,
      value: "FILE",
      help: "the grid as PNG or JPEG; with --interpolate the GIF, the sheet beside it",
      defaultText: "samples.png or walk.gif",
      group: "Output",
    },
    {
      name: "grid",
      type: "size",
      value: "RxC",
      help: "rows and columns of the grid",
      defaultText: "as square as it gets",
      group: "Output",
    },
    {
      name: "singles",
      type: "path",
      output: true,
      value: "DIR",
      help: "also write each picture as a file of its own into this folder",
      group: "Output",
    },
    {
      name: "upscale",
      type: "integer",
      value: "N",
      min: 1,
      max: 16,
      help: "enlarge every picture this many times",
      default: 1,
      group: "Output",
    },
    {
      name: "filter",
      type: "choice",
      choices: ["nearest", "lanczos"],
      value: "NAME",
      help: "how to enlarge: pixels as squares, or smooth",
      default: "lanczos",
      group: "Output",
    },
    {
      name: "save-tensors",
      type: "path",
      output: true,
      value: "FILE",
      help: "write noise [N,nz,1,1] and images [N,3,64,64] as safetensors",
      group: "Output",
    },
    QUIET,
    CONFIG,
  ],
  examples: [
    { does: "64 pictures of the last run", line: "generate" },
    {
      does: "Three large ones",
      line: "generate --checkpoint runs/1 --seeds 3,14,15 --upscale 4 --singles pictures",
    },
    { does: "A walk", line: "generate --interpolate 3 8 --frames 48 --upscale 3 --out walk.gif" },
  ],
} as const satisfies CommandSpec;
