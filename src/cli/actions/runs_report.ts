/**
 * `runs report`: a run's plots, animation and report, drawn again.
 *
 * @module
 */

import { finishRun } from "../../run/finish.ts";
import { lastRun, RunFolder } from "../../run/folder.ts";
import { readMetrics } from "../../run/metrics_log.ts";
import { readRunConfig } from "../../run/run_config.ts";
import { HealthWatch } from "../../train/health.ts";
import type { RUNS_REPORT } from "../commands/runs.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";

/** Draws and says what was written. */
export async function runsReport(
  { options, args }: Invocation<typeof RUNS_REPORT>,
): Promise<number> {
  const folder = args[0] === undefined ? await lastRun() : new RunFolder(args[0]);
  const config = await readRunConfig(folder);
  const metrics = await readMetrics(folder.metrics);
  const lastStep = metrics.at(-1)?.step;
  const stepsDone = Math.max(
    lastStep === undefined ? 0 : lastStep + 1,
    (await folder.checkpointSteps()).at(-1) ?? 0,
  );
  // What training warned of is not kept, but follows from the metrics.
  const health = new HealthWatch(config.train);
  const warnings = metrics.flatMap((step) => health.step(step)?.message ?? []);
  const finishing = finishRun(folder, config, { stepsDone, warnings });
  let progress = await finishing.next();
  while (!progress.done) progress = await finishing.next();
  const { written, damaged } = progress.value;
  for (const path of damaged) warn(`${path} is damaged: the report leaves it out`);
  if (!options.quiet) TERMINAL.write(written.map((path) => `${path}\n`).join(""));
  return 0;
}
