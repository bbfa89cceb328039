/**
 * All commands.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { BENCH } from "./bench.ts";
import { COMPARE } from "./compare.ts";
import { DATASET } from "./dataset.ts";
import { EVALUATE } from "./evaluate.ts";
import { EXPORT } from "./export.ts";
import { GENERATE } from "./generate.ts";
import { COMPLETIONS, DOCTOR, SETUP } from "./machine.ts";
import { MECHANISM } from "./mechanism.ts";
import { RUNS } from "./runs.ts";
import { STUDIO } from "./studio.ts";
import { TRAIN } from "./train.ts";
import { TUNE } from "./tune.ts";
import { VERIFY } from "./verify.ts";

/** The program. */
export const PROGRAM: CommandSpec = {
  name: "facadegan",
  summary: "Train generative adversarial networks on photos of facades, on WebGPU",
  options: [
    { name: "version", short: "V", type: "flag", help: "show our version, Deno's and the adapter" },
  ],
  commands: [
    TRAIN,
    GENERATE,
    EXPORT,
    EVALUATE,
    COMPARE,
    MECHANISM,
    STUDIO,
    RUNS,
    DATASET,
    VERIFY,
    BENCH,
    TUNE,
    DOCTOR,
    SETUP,
    COMPLETIONS,
  ],
  examples: [
    { does: "Train, with everything at its default", line: "train" },
    { does: "Draw with what was trained", line: "generate" },
    { does: "Everything about a command", line: "train --help" },
  ],
};
