/**
 * report.html: one page that shows a run and asks nothing of any network.
 *
 * @module
 */

import { basename } from "node:path";
import { escapeXml } from "../plot/svg.ts";
import type { StepMetrics } from "../train/metrics.ts";
import type { Evaluation } from "./evaluations.ts";
import { pngImage, renderPage, section } from "./page.ts";
import script from "./report_script.js" with { type: "text" };
import type { RunConfig } from "./run_config.ts";

/** What a report shows. */
export interface Report {
  /** What the user types before a command: `deno task` or `facadegan`. */
  readonly program: string;
  /** The run folder's name. */
  readonly name: string;
  /** The run's settings. */
  readonly config: RunConfig;
  /** Steps done. */
  readonly stepsDone: number;
  /** The metrics of all steps. */
  readonly metrics: readonly StepMetrics[];
  /** What samples were judged, ascending by step. */
  readonly evaluations: readonly Evaluation[];
  /** The losses and scores as SVG. */
  readonly chart: string;
  /** The first few samples over time, as JPEG. */
  readonly timeline: readonly { readonly step: number; readonly jpeg: Uint8Array }[];
  /** All samples of the last step there are samples of, as PNG. */
  readonly finalGrid: Uint8Array | undefined;
  /** What went wrong, in words. */
  readonly warnings: readonly string[];
}

/** Writes the page. */
export function renderReport(report: Report): string {
  const { program, name, config, stepsDone, warnings, finalGrid } = report;
  const title = `facadegan: run ${basename(name)}`;
  const last = report.metrics.at(-1);
  const drawn = config.photos.source === "drawn facades";
  const body = [
    `<h1>Run ${escapeXml(basename(name))}</h1>`,
    `<p class="lead">${stepsDone} steps on ${config.photos.count} photos${
      drawn ? " (drawn facades)" : ""
    }, seed ${config.train.seed}, on ${escapeXml(config.adapter.name)}.</p>`,
    ...warnings.map((warning) => `<p class="warning">${inWords(warning)}</p>`),
    section("How the samples grew", timeline(report)),
    section("Losses and scores", `<div class="chart">${report.chart}</div>`),
    section("Last samples", finalGrid ? pngImage(finalGrid, `${title}, last samples`) : "none"),
    section("Settings", table(settings(config))),
    section(
      "Results and time",
      table([...results(config, stepsDone, last), ...judged(report.evaluations)]),
    ),
    ...(drawn
      ? [
        `<p>These houses were drawn by a program. With a few hundred photos of your own, try next: ` +
        `<code>${program} train --data photos --width 32 --batch 16 --epochs 200</code></p>`,
      ]
      : []),
    section(
      "Go on from here",
      `<pre>${program} train --resume ${escapeXml(quote(name))} --steps ${
        2 * stepsDone || 1000
      }\n` +
        `${program} generate --checkpoint ${escapeXml(quote(name))} --count 64\n` +
        `${program} train --config ${
          escapeXml(quote(`${name}/config.json`))
        } --out runs/again</pre>`,
    ),
  ];
  return renderPage(title, body, script);
}

function timeline({ timeline }: Report): string {
  if (timeline.length === 0) return "<p>No samples yet.</p>";
  const last = timeline.length - 1;
  const pictures = timeline.map(({ step, jpeg }, i) =>
    `<img ${i === last ? "" : "hidden "}data-step="${step}" alt="samples of step ${step}" ` +
    `src="data:image/jpeg;base64,${jpeg.toBase64()}">`
  );
  return `<div class="timeline">
<div class="frames">
${pictures.join("\n")}
</div>
<label>step <output>${timeline[last].step}</output>
<input type="range" min="0" max="${last}" value="${last}" aria-label="step"></label>
<button type="button">Play</button>
</div>`;
}

function settings({ options, photos, versions, adapter }: RunConfig): [string, string][] {
  const source = typeof photos.source === "string" ? photos.source : photos.source.join(", ");
  return [
    ["photos", `${photos.count} from ${source}`],
    ...Object.entries(options)
      .filter(([name]) => name !== "data")
      .map(([name, value]): [string, string] => [name, String(value)]),
    ["adapter", `${adapter.name}${adapter.software ? " (software)" : ""}`],
    ...Object.entries(versions),
  ];
}

function results(
  { sessions, train }: RunConfig,
  stepsDone: number,
  last: StepMetrics | undefined,
): [string, string][] {
  const sum = (key: "seconds" | "waitedForPhotos" | "waitedForGpu"): number =>
    sessions.reduce((total, session) => total + (session[key] ?? 0), 0);
  const seconds = sum("seconds");
  const steps = sessions.reduce(
    (n, { fromStep, toStep }) => n + (toStep ?? fromStep) - fromStep,
    0,
  );
  const share = (part: number): string =>
    seconds > 0 ? `${(100 * part / seconds).toFixed(0)}%` : "-";
  const metrics = last
    ? Object.entries(last).filter(([key]) => key !== "step").map((
      [key, value],
    ): [string, string] => [`${key} of the last step`, Number(value).toFixed(4)])
    : [];
  return [
    ["steps done", String(stepsDone)],
    ...metrics,
    ["time spent training", formatSeconds(seconds)],
    ["steps a second", seconds > 0 ? (steps / seconds).toFixed(2) : "-"],
    ["photos a second", seconds > 0 ? (steps * train.batch / seconds).toFixed(1) : "-"],
    ["time waiting for photos", share(sum("waitedForPhotos"))],
    ["time waiting for the GPU", share(sum("waitedForGpu"))],
    ["sessions", sessions.map(({ time, fromStep }) => `${time} from step ${fromStep}`).join("; ")],
  ];
}

/** The best and the last of what samples were judged. */
function judged(evaluations: readonly Evaluation[]): [string, string][] {
  const last = evaluations.at(-1);
  if (!last) return [];
  const best = evaluations.reduce((a, b) => b.swd.avg < a.swd.avg ? b : a);
  const shown = ({ step, swd }: Evaluation) => `${swd.avg.toFixed(1)} at step ${step}`;
  return [
    ["sliced Wasserstein distance to photos, best", shown(best)],
    ["the same, last", shown(last)],
    ["the same, between photos and photos", last.floor.toFixed(1)],
    ["MS-SSIM between samples, last", last.ms_ssim.toFixed(3)],
    ["memorised, last", `${(100 * last.memorised).toFixed(1)}%`],
  ];
}

/** Seconds for people: `1 h 02 min`, `3 min 20 s`, `41 s`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  const whole = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
}

function table(rows: readonly [string, string][]): string {
  const cells = rows.map(([name, value]) =>
    `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`
  );
  return `<table>\n${cells.join("\n")}\n</table>`;
}

/** A path as a shell takes it. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** A message as HTML; the settings that it names in backquotes as code. */
function inWords(message: string): string {
  return escapeXml(message).replace(/`(\w+)`/g, "<code>$1</code>");
}
