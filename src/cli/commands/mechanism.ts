/**
 * `mechanism`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { QUIET, WORKERS } from "./shared.ts";

/** Draws why least squares pulls. */
export const MECHANISM = {
  name: "mechanism",
  summary: "Draw what each loss does to generated samples, by itself and in a run",
  details:
    "Draws each loss and its slope by the distance from the decision boundary, and what gradient " +
    "steps make of samples in a plane, computed by the kernels that training uses. With RUN also, " +
    "over its checkpoints: the scores of photos and of generated pictures, the share called real, " +
    "and how strong a gradient each picture sends to the generator, under the run's loss and under the " +
    "others.",
  arguments: [{ name: "RUN", help: "a run folder with a few checkpoints", optional: true }],
  options: [
    {
      name: "data",
      type: "paths",
      value: "PATH",
      help: "the photos the run was trained on",
      defaultText: "those of the run",
      env: "FACADEGAN_DATA",
    },
    WORKERS,
    {
      name: "batches",
      type: "integer",
      value: "N",
      min: 1,
      max: 1000,
      help: "batches to look at, of the training's size",
      defaultText: "as many as make 256 pictures",
    },
    {
      name: "out",
      type: "path",
      output: true,
      value: "DIR",
      help: "the folder for SVG, PNG and JSON",
      default: "mechanism",
    },
    QUIET,
  ],
  examples: [
    { does: "The losses by themselves", line: "mechanism" },
    {
      does: "A training with checkpoints to look into",
      line: "train --checkpoint-every 250 --keep 20",
    },
    { does: "What happened in it", line: "mechanism runs/1 --out runs/1/mechanism" },
  ],
} as const satisfies CommandSpec;
