/**
 * `compare` and its commands, declared.
 *
 * @module
 */

import { LOSS_NAMES } from "../../ops/loss_table.ts";
import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT, MAX_SEED } from "./shared.ts";
import { TRAIN } from "./train.ts";

/** Options of `train` that a comparison decides by itself. */
const OWN = ["out", "resume", "seed", "config"] as const;

/** The options of `train` that hold for every run. */
const INHERITED = TRAIN.options.filter((
  option,
): option is Exclude<typeof TRAIN.options[number], { readonly name: typeof OWN[number] }> =>
  !(OWN as readonly string[]).includes(option.name)
);

const VARIANTS = [
  {
    name: "losses",
    type: "text",
    value: "LOSSES",
    help: `the losses to compare, of ${LOSS_NAMES.join(", ")}`,
    group: "Comparison",
  },
  {
    name: "vary",
    type: "text",
    value: "OPTION=V1,V2",
    help: "another option of train to vary; values that hold commas are parted by slashes, " +
      "labels=1,0,1/1,-1,0",
    group: "Comparison",
  },
  {
    name: "seeds",
    type: "integers",
    value: "SEEDS",
    min: 0,
    max: MAX_SEED,
    help: "a run of each variant for each seed",
    default: [1, 2, 3],
    group: "Comparison",
  },
  {
    name: "out",
    type: "path",
    output: true,
    value: "DIR",
    help: "the folder of the runs and of compare.html; one that is there is gone on with",
    default: "runs/compare",
    group: "Comparison",
  },
] as const;

const JUDGED = {
  name: "judge-samples",
  type: "integer",
  value: "N",
  min: 2,
  max: 10_000,
  help: "samples of each run to judge",
  default: 1000,
  group: "Comparison",
} as const;

/** Trains the variants and compares them. */
export const COMPARE_RUN = {
  name: "run",
  summary: "Train the same networks once per variant and seed, and compare what comes of it",
  details:
    "Trains once for each loss, or value of an option, and each seed; runs of one seed begin " +
    "with the same weights and see the same batches and noise. Each is an ordinary run folder in " +
    "--out. The same command again goes on where it was stopped. At the end every run is judged as " +
    "`evaluate` does, and compare.html, compare.png and compare.json are written.",
  options: [...VARIANTS, JUDGED, ...INHERITED],
  examples: [
    {
      does: "Least squares against cross-entropy",
      line: "compare --losses ls,bce --seeds 1,2,3 --data photos --holdout 0.1",
    },
    { does: "The paper's other labels", line: "compare --vary labels=1,0,1/1,-1,0 --data photos" },
    { does: "Two rates", line: "compare --vary lr=1e-4,2e-4 --seeds 1,2 --data photos" },
  ],
} as const satisfies CommandSpec;

/** Prints the command of each run. */
export const COMPARE_PLAN = {
  name: "plan",
  summary: "Print the command of each run, one a line, for a scheduler of your own",
  options: [...VARIANTS, ...INHERITED],
  examples: [
    {
      does: "On all GPUs of a machine",
      line: "compare plan --losses ls,bce --data photos > jobs.txt",
    },
  ],
} as const satisfies CommandSpec;

/** Gathers runs. */
export const COMPARE_REPORT = {
  name: "report",
  summary: "Gather runs, judge those that were not, and write page, picture and JSON",
  arguments: [{ name: "DIR", help: "run folders, or folders that hold them", many: true }],
  options: [
    {
      name: "out",
      type: "path",
      output: true,
      value: "DIR",
      help: "where compare.html, compare.png and compare.json go",
      defaultText: "the first DIR",
    },
    {
      name: "data",
      type: "paths",
      value: "PATH",
      help: "the photos, where they are not where the runs found them",
    },
    JUDGED,
    JSON_RESULT,
  ],
  examples: [{ does: "What a cluster trained", line: "compare report runs/compare" }],
} as const satisfies CommandSpec;

/** Comparing variants. */
export const COMPARE = {
  name: "compare",
  summary: "Train variants of the same networks and show what differs",
  options: [],
  implied: "run",
  commands: [COMPARE_RUN, COMPARE_PLAN, COMPARE_REPORT],
  examples: COMPARE_RUN.examples,
} as const satisfies CommandSpec;
