/**
 * `runs list` and `runs compare`.
 *
 * @module
 */

import { renderSvg } from "../../deps/resvg.ts";
import { UserError } from "../../errors.ts";
import { writeFileAtomic } from "../../files/atomic.ts";
import { programName } from "../../host/program_name.ts";
import { renderChart } from "../../plot/chart.ts";
import { comparisonChart } from "../../run/curves.ts";
import { listRuns, RunFolder, RUNS } from "../../run/folder.ts";
import { readMetrics } from "../../run/metrics_log.ts";
import { formatSeconds } from "../../run/report.ts";
import { readRunConfig, type RunConfig } from "../../run/run_config.ts";
import type { StepMetrics } from "../../train/metrics.ts";
import type { RUNS_COMPARE, RUNS_LIST } from "../commands/runs.ts";
import type { Invocation } from "../invocation.ts";
import { printable } from "../printable.ts";
import { TERMINAL, warn } from "../terminal.ts";

interface RunSummary {
  readonly run: string;
  readonly steps: number;
  readonly seconds: number;
  readonly started: string;
  readonly config: RunConfig;
  readonly metrics: readonly StepMetrics[];
}

/** Lists the runs in a folder. */
export async function runsList({ options, args }: Invocation<typeof RUNS_LIST>): Promise<number> {
  const parent = args[0] ?? RUNS;
  const folders = await listRuns(parent);
  const runs: RunSummary[] = [];
  for (const folder of folders) {
    try {
      runs.push(await summarize(folder));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn(error.message); // one damaged run hides no other
    }
  }
  if (options.json) {
    const list = runs.map(({ run, steps, seconds, started, config, metrics }) => ({
      run,
      steps,
      seconds,
      started,
      photos: config.photos,
      train: config.train,
      adapter: config.adapter.name,
      last: metrics.at(-1) ?? null,
    }));
    TERMINAL.write(`${JSON.stringify(list)}\n`);
    return 0;
  }
  if (folders.length === 0) {
    throw new UserError(`there is no run in ${parent}: run \`${programName()} train\` first`);
  }
  const rows = runs.map(({ run, steps, seconds, started, config, metrics }) => {
    const { width, batch, loss, seed } = config.train;
    const last = metrics.at(-1);
    return [
      run,
      started.slice(0, 16).replace("T", " "),
      String(steps),
      formatSeconds(seconds),
      `width ${width}, batch ${batch}, ${loss}, seed ${seed}`,
      `${config.photos.count} photos`,
      last ? `errD ${last.errD.toFixed(3)} errG ${last.errG.toFixed(3)}` : "-",
    ];
  });
  printTable([["run", "started (UTC)", "steps", "time", "settings", "photos", "last"], ...rows]);
  return 0;
}

/** Shows where two runs differ and draws their curves over each other. */
export async function runsCompare(
  { options, args }: Invocation<typeof RUNS_COMPARE>,
): Promise<number> {
  // One after the other: of two that are no runs, the first is always the one named.
  const a = await summarize(new RunFolder(args[0]));
  const b = await summarize(new RunFolder(args[1]));
  const differences = settingsThatDiffer(a.config, b.config);
  const svg = renderChart(
    comparisonChart([
      { name: a.run, metrics: a.metrics },
      { name: b.run, metrics: b.metrics },
    ]),
  );
  const stem = options.out.replace(/\.(png|svg)$/i, "");
  await writeFileAtomic(`${stem}.svg`, svg);
  await writeFileAtomic(`${stem}.png`, await renderSvg(svg));
  if (options.json) {
    const last = [a, b].map(({ metrics }) => metrics.at(-1) ?? null);
    TERMINAL.write(`${JSON.stringify({ differences, last, steps: [a.steps, b.steps] })}\n`);
    return 0;
  }
  const metrics = ["errD", "errG", "D_x", "D_G_z1", "D_G_z2"] as const;
  const show = (value: unknown): string => value === undefined ? "-" : String(value);
  printTable([
    ["", a.run, b.run],
    ...Object.entries(differences).map(([name, values]) => [name, ...values.map(show)]),
    ["steps done", String(a.steps), String(b.steps)],
    ["time", formatSeconds(a.seconds), formatSeconds(b.seconds)],
    ...metrics.map((name) => [
      `${name}, mean of the last tenth`,
      lastTenth(a.metrics, name),
      lastTenth(b.metrics, name),
    ]),
  ]);
  TERMINAL.write(`Curves: ${printable(stem)}.png, ${printable(stem)}.svg\n`);
  return 0;
}

async function summarize(folder: RunFolder): Promise<RunSummary> {
  const [config, metrics] = await Promise.all([
    readRunConfig(folder),
    readMetrics(folder.metrics),
  ]);
  const seconds = config.sessions.reduce((sum, session) => sum + (session.seconds ?? 0), 0);
  const steps = (metrics.at(-1)?.step ?? -1) + 1;
  const started = config.sessions[0]?.time ?? "";
  return { run: folder.path, steps, seconds, started, config, metrics };
}

/** The options, versions and adapter in which two runs differ. */
export function settingsThatDiffer(
  a: RunConfig,
  b: RunConfig,
): Record<string, readonly [unknown, unknown]> {
  const flat = ({ options, photos, versions, adapter }: RunConfig): Record<string, unknown> => ({
    ...options,
    photos: photos.count,
    ...versions,
    adapter: adapter.name,
  });
  const [left, right] = [flat(a), flat(b)];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(
    names.filter((name) => JSON.stringify(left[name]) !== JSON.stringify(right[name]))
      .map((name) => [name, [left[name], right[name]]]),
  );
}

function lastTenth(
  metrics: readonly StepMetrics[],
  name: Exclude<keyof StepMetrics, "step">,
): string {
  const tail = metrics.slice(Math.floor(0.9 * metrics.length));
  if (tail.length === 0) return "-";
  return (tail.reduce((sum, step) => sum + step[name], 0) / tail.length).toFixed(4);
}

function printTable(table: readonly (readonly string[])[]): void {
  const rows = table.map((row) => row.map(printable));
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    TERMINAL.write(`${row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd()}\n`);
  }
}
