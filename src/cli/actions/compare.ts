/**
 * `compare`: trains variants, judges them, and shows what differs.
 *
 * @module
 */

import { resolve } from "node:path";
import { evaluateRuns } from "../../compare/evaluate_runs.ts";
import { type ComparedRun, findRuns, readRun, sortIntoVariants } from "../../compare/gather.ts";
import { comparisonJson, comparisonTable, inWords } from "../../compare/page.ts";
import { lastEvaluation } from "../../compare/statistics.ts";
import { writeComparison } from "../../compare/write.ts";
import { UserError } from "../../errors.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { programName } from "../../host/program_name.ts";
import { RunFolder } from "../../run/folder.ts";
import { readRunConfig } from "../../run/run_config.ts";
import type { COMPARE_PLAN, COMPARE_REPORT, COMPARE_RUN } from "../commands/compare.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { asWords, type PlannedRun, planRuns, trainInvocation } from "./compare_plan.ts";
import { train, TrainingDiverged } from "./train.ts";

/** Trains what is missing, then reports; status 130 where Ctrl-C ended it. */
export async function compareRun(invocation: Invocation<typeof COMPARE_RUN>): Promise<number> {
  const { options } = invocation;
  const runs = planRuns(invocation);
  const say = (text: string): void => {
    if (!options.quiet && options["log-format"] === "text") TERMINAL.write(`${text}\n`);
  };
  const notes: string[] = [];
  for (const [i, run] of runs.entries()) {
    const missing = await whatIsMissing(run);
    const title = `Run ${i + 1} of ${runs.length}: ${run.title}`;
    if (missing === undefined) {
      say(`${title}: done before`);
      continue;
    }
    say(title);
    try {
      const status = await train(trainInvocation(missing));
      if (status !== 0) {
        say("The comparison goes on with the same command.");
        return status;
      }
    } catch (error) {
      // One variant that falls over is a result, and no reason to lose the others.
      if (!(error instanceof TrainingDiverged)) throw error;
      notes.push(`${run.title}: ${error.message}`);
      warn(error.message);
    }
  }
  const folders = runs.map(({ folder }) => new RunFolder(folder));
  await report(folders, options.out, notes, {
    samples: options["judge-samples"],
    json: false,
    quiet: options.quiet,
  });
  return 0;
}

/** Prints the commands. */
export function comparePlan(invocation: Invocation<typeof COMPARE_PLAN>): Promise<number> {
  for (const { folder, options } of planRuns(invocation)) {
    const words = asWords({ ...options, out: resolve(folder) });
    TERMINAL.write(`${[programName(), "train", ...words].join(" ")}\n`);
  }
  return Promise.resolve(0);
}

/** Gathers runs that were trained by whatever means. */
export async function compareReport(
  { options, args }: Invocation<typeof COMPARE_REPORT>,
): Promise<number> {
  await report(await findRuns(args), options.out ?? args[0], [], {
    samples: options["judge-samples"],
    json: options.json,
    quiet: false,
    ...(options.data ? { source: options.data } : {}),
  });
  return 0;
}

/**
 * What to give to `train` so that a run is whole: all of it, or how to go on; undefined where nothing
 * is missing.
 *
 * @throws {UserError} If its folder holds a run with other options.
 */
async function whatIsMissing(run: PlannedRun): Promise<Record<string, unknown> | undefined> {
  const folder = new RunFolder(run.folder);
  if (!await folder.exists()) return { ...run.options, out: run.folder };
  const step = (await folder.checkpointSteps()).at(-1);
  if (step === undefined) {
    // Stopped before its first checkpoint: there is nothing to go on from.
    await Deno.remove(run.folder, { recursive: true });
    return { ...run.options, out: run.folder };
  }
  const { options } = await readRunConfig(folder);
  const free = ["steps", "epochs", "workers", "quiet", "log-format"];
  for (const [name, value] of Object.entries(run.options)) {
    if (free.includes(name) || JSON.stringify(options[name]) === JSON.stringify(value)) continue;
    throw new UserError(
      `${run.folder} holds a run with --${name} ${options[name] ?? "left out"}, not ${value}: ` +
        "choose another --out",
    );
  }
  const steps = Number(run.options.steps ?? options.steps);
  const { workers, quiet, "log-format": logFormat } = run.options;
  const kept = { workers, quiet, "log-format": logFormat };
  return step >= steps ? undefined : {
    resume: run.folder,
    steps,
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
  };
}

interface ReportOptions {
  readonly samples: number;
  readonly source?: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
}

async function report(
  folders: readonly RunFolder[],
  out: string,
  notes: readonly string[],
  { samples, source, json, quiet }: ReportOptions,
): Promise<void> {
  const found: ComparedRun[] = [];
  const damaged: string[] = [];
  for (const folder of folders) {
    try {
      found.push(await readRun(folder));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(`${error.message}; the comparison leaves it out`); // it hides no other
    }
  }
  if (found.length === 0) throw new UserError(`there is nothing to compare: ${damaged[0]}`);
  const judged = await evaluateRuns(found, {
    samples,
    ...(source ? { source } : {}),
    openGpu: () => openTunedGpu(),
    onJudged(run) {
      const swd = lastEvaluation(run)?.swd.avg.toFixed(1);
      if (!json && !quiet) TERMINAL.write(`judged ${run.folder.path}: SWD ${swd}\n`);
    },
  });
  const variants = sortIntoVariants(judged.runs);
  const allNotes = [...notes, ...damaged, ...judged.notes, ...unfair(judged.runs)];
  const written = await writeComparison(out, variants, allNotes);
  if (json) {
    TERMINAL.write(`${JSON.stringify({ ...comparisonJson(variants), notes: allNotes })}\n`);
    return;
  }
  for (const note of allNotes) warn(note);
  if (quiet) return;
  const [heading, ...rows] = comparisonTable(variants);
  for (const row of rows) {
    TERMINAL.write(`\n${row[0]}\n`);
    for (const [i, name] of heading.entries()) {
      if (i > 0) TERMINAL.write(`  ${name.padEnd(20)}${row[i]}\n`);
    }
  }
  TERMINAL.write(`\n${inWords(variants).map((one) => `${one}\n`).join("")}`);
  TERMINAL.write(written.map((path) => `  ${path}\n`).join(""));
}

/** What makes runs hard to compare. */
function unfair(runs: readonly ComparedRun[]): string[] {
  const several = (what: string, of: (run: ComparedRun) => unknown): string[] => {
    const values = [...new Set(runs.map(of))];
    return values.length > 1 ? [`the runs differ in ${what}: ${values.join(", ")}`] : [];
  };
  return [
    ...several("steps", ({ steps }) => steps),
    ...several("adapter, so their times cannot be compared", ({ config }) => config.adapter.name),
  ];
}
