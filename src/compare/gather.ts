/**
 * The runs of a comparison, sorted into variants: what differs between them besides the seed.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { type Evaluation, readEvaluations } from "../run/evaluations.ts";
import { listRuns, RunFolder } from "../run/folder.ts";
import { readMetrics } from "../run/metrics_log.ts";
import { readRunConfig, type RunConfig } from "../run/run_config.ts";
import type { StepMetrics } from "../train/metrics.ts";

/** A run of a comparison. */
export interface ComparedRun {
  /** Its folder. */
  readonly folder: RunFolder;
  /** Its settings. */
  readonly config: RunConfig;
  /** Its seed. */
  readonly seed: number;
  /** Steps done. */
  readonly steps: number;
  /** Seconds of training. */
  readonly seconds: number;
  /** The metrics of its steps. */
  readonly metrics: readonly StepMetrics[];
  /** What its samples were judged. */
  readonly evaluations: readonly Evaluation[];
}

/** Runs that differ in the seed alone. */
export interface Variant {
  /** What tells it from the others: `ls`, or `ls, lr 0.0001`. */
  readonly name: string;
  /** Its runs, by seed. */
  readonly runs: readonly ComparedRun[];
}

/** Options that change what a run leaves or how fast it goes, not what it computes. */
const NO_VARIATION = new Set(
  "seed workers samples sample-every checkpoint-every keep tensorboard evaluate-every steps on-nan"
    .split(" "),
);

/**
 * The run folders among some folders and right below them.
 *
 * @throws {UserError} If a folder is no run and holds none.
 */
export async function findRuns(folders: readonly string[]): Promise<RunFolder[]> {
  const found = new Map<string, RunFolder>();
  for (const path of folders) {
    const own = new RunFolder(path);
    const runs = await own.exists() ? [own] : await listRuns(path);
    if (runs.length === 0) throw new UserError(`${path} is no run folder and holds none`);
    for (const run of runs) found.set(run.path, run);
  }
  return [...found.values()];
}

/** Reads a run. */
export async function readRun(folder: RunFolder): Promise<ComparedRun> {
  const config = await readRunConfig(folder);
  const metrics = await readMetrics(folder.metrics);
  return {
    folder,
    config,
    seed: config.train.seed,
    steps: (metrics.at(-1)?.step ?? -1) + 1,
    seconds: config.sessions.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
    metrics,
    evaluations: await readEvaluations(folder),
  };
}

/** Sorts runs into variants, in the order in which each comes first. */
export function sortIntoVariants(runs: readonly ComparedRun[]): Variant[] {
  const varied = [...new Set(runs.flatMap(({ config }) => Object.keys(config.options)))]
    .filter((name) => !NO_VARIATION.has(name))
    .filter((name) =>
      new Set(runs.map(({ config }) => JSON.stringify(config.options[name]))).size > 1
    );
  const variants = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const name = variantName(run.config, varied);
    variants.set(name, [...variants.get(name) ?? [], run]);
  }
  return [...variants].map(([name, own]) => ({
    name,
    runs: own.toSorted((a, b) => a.seed - b.seed),
  }));
}

/** The loss stands for itself; other options are named before their values. */
function variantName({ options, train }: RunConfig, varied: readonly string[]): string {
  const parts = varied.filter((name) => name !== "loss" && options[name] !== undefined)
    .map((name) => `${name} ${options[name]}`);
  return varied.includes("loss") || parts.length === 0
    ? [train.loss, ...parts].join(", ")
    : parts.join(", ");
}
