/**
 * `export`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { QUIET, WEIGHTS } from "./shared.ts";

/** Writes a generator for other programs. */
export const EXPORT = {
  name: "export",
  summary: "Write a trained generator for other programs: safetensors and ONNX",
  details: "Writes a checkpoint's generator as safetensors under the names of PyTorch's DCGAN " +
    "example, and as ONNX: noise [N,nz,1,1] to images [N,3,S,S] in [-1,1].",
  arguments: [{
    name: "CHECKPOINT",
    help: "a checkpoint, or a run folder for its last one; else the last run's last",
    optional: true,
  }],
  options: [
    {
      name: "out",
      type: "path",
      output: true,
      value: "NAME",
      help: "write NAME.safetensors and NAME.onnx",
      default: "generator",
      group: "Output",
    },
    WEIGHTS,
    QUIET,
  ],
  examples: [
    { does: "The last run's", line: "export" },
    { does: "Into another project", line: "export runs/1 --out web/facades" },
  ],
} as const satisfies CommandSpec;
