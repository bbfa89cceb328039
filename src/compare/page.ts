/**
 * A comparison's page, and its JSON.
 *
 * @module
 */

import { renderChart } from "../plot/chart.ts";
import { escapeXml } from "../plot/svg.ts";
import { formatSeconds } from "../run/report.ts";
import { renderPage, section } from "../run/page.ts";
import { comparisonCurves } from "./curves.ts";
import type { ComparedRun, Variant } from "./gather.ts";
import {
  type Difference,
  differences,
  lastEvaluation,
  lastTenth,
  showSpread,
  spread,
} from "./statistics.ts";

/** What a comparison comes to, for programs. */
export interface ComparisonJson {
  /** The variants, in their order. */
  readonly variants: readonly VariantJson[];
  /** Every other variant's distance against the first's. */
  readonly differences: readonly Difference[];
}

/** A variant, for programs. */
export interface VariantJson {
  /** Its name. */
  readonly name: string;
  /** Sliced Wasserstein distance over its seeds, and the like; NaN is null in JSON. */
  readonly over_seeds: Readonly<Record<string, ReturnType<typeof spread>>>;
  /** Its runs. */
  readonly runs: readonly Readonly<Record<string, unknown>>[];
}

/** The numbers that a variant is shown by, of each of its runs that has them. */
function measured(runs: readonly ComparedRun[]): Record<string, number[]> {
  const evaluations = runs.map(lastEvaluation).filter((one) => one !== undefined);
  return {
    swd: evaluations.map(({ swd }) => swd.avg),
    floor: evaluations.map(({ floor }) => floor),
    ms_ssim: evaluations.map(({ ms_ssim }) => ms_ssim),
    memorised: evaluations.map(({ memorised }) => memorised),
    errD: runs.map((run) => lastTenth(run, "errD")),
    errG: runs.map((run) => lastTenth(run, "errG")),
    gap: runs.map((run) => lastTenth(run, "gap")),
    seconds: runs.map(({ seconds }) => seconds),
  };
}

/** The comparison as JSON holds it. */
export function comparisonJson(variants: readonly Variant[]): ComparisonJson {
  return {
    variants: variants.map(({ name, runs }) => ({
      name,
      over_seeds: Object.fromEntries(
        Object.entries(measured(runs)).map(([key, values]) => [key, spread(values)]),
      ),
      runs: runs.map((run) => ({
        folder: run.folder.path,
        seed: run.seed,
        steps: run.steps,
        seconds: run.seconds,
        adapter: run.config.adapter.name,
        train: run.config.train,
        evaluation: lastEvaluation(run) ?? null,
        last_tenth: {
          errD: lastTenth(run, "errD"),
          errG: lastTenth(run, "errG"),
          gap: lastTenth(run, "gap"),
        },
      })),
    })),
    differences: differences(variants),
  };
}

/** What the differences come to, in sentences. */
export function inWords(variants: readonly Variant[]): string[] {
  return differences(variants).map(({ variant, seeds, swd, beyondChance }) => {
    const against = variants[0].name;
    const what = `${variant} against ${against}: sliced Wasserstein distance ${
      swd.mean >= 0 ? "larger (worse)" : "smaller (better)"
    } by ${Math.abs(swd.mean).toFixed(1)} on average over ${seeds.length} ${
      seeds.length === 1 ? "seed" : "seeds"
    }`;
    if (beyondChance === undefined) return `${what}; too few seeds to tell it from chance.`;
    return `${what}, seed by seed with a standard deviation of ${swd.deviation.toFixed(1)}: ${
      beyondChance
        ? "more than chance makes of so many seeds in 95 of 100 comparisons."
        : "within what chance makes of so many seeds, so no difference is shown."
    }`;
  });
}

/** The table of all variants: rows of cells, the first row the heading. */
export function comparisonTable(variants: readonly Variant[]): string[][] {
  const heading = [
    "variant",
    "seeds",
    "steps",
    "SWD",
    "each seed",
    "photos from photos",
    "MS-SSIM",
    "memorised",
    "errD",
    "errG",
    "D(x) - D(G(z))",
    "time a run",
  ];
  return [
    heading,
    ...variants.map(({ name, runs }) => {
      const { swd, floor, ms_ssim, memorised, errD, errG, gap, seconds } = measured(runs);
      return [
        name,
        runs.map(({ seed }) => seed).join(", "),
        [...new Set(runs.map(({ steps }) => steps))].join(", "),
        showSpread(spread(swd)),
        swd.map((value) => value.toFixed(1)).join(", ") || "-",
        floor.length > 0 ? spread(floor).mean.toFixed(1) : "-",
        showSpread(spread(ms_ssim), 3),
        memorised.length > 0 ? `${(100 * spread(memorised).mean).toFixed(1)}%` : "-",
        showSpread(spread(errD), 3),
        showSpread(spread(errG), 3),
        showSpread(spread(gap), 3),
        formatSeconds(spread(seconds).mean),
      ];
    }),
  ];
}

/** The page: figures of every seed, curves, numbers. */
export function comparisonPage(
  variants: readonly Variant[],
  figures: readonly string[],
  notes: readonly string[],
): string {
  const title = `facadegan: ${variants.map(({ name }) => name).join(" and ")}`;
  const { photos, adapter, train } = variants[0].runs[0].config;
  return renderPage(title, [
    `<h1>${escapeXml(variants.map(({ name }) => name).join(" and "))}</h1>`,
    `<p class="lead">Networks of width ${train.width} at ${train.size} pixels, batch ` +
    `${train.batch}, trained on ${photos.count} photos on ${
      escapeXml(adapter.name)
    }. Runs of one ` +
    `seed begin with the same weights and see the same batches and noise.</p>`,
    ...notes.map((note) => `<p class="warning">${escapeXml(note)}</p>`),
    section("What differs", inWords(variants).map((one) => `<p>${escapeXml(one)}</p>`).join("\n")),
    section("Numbers", numbers(variants)),
    section("Samples", figures.map((svg) => `<div class="chart">${svg}</div>`).join("\n")),
    section("Curves", `<div class="chart">${renderChart(comparisonCurves(variants))}</div>`),
    section("Runs", runList(variants)),
  ]);
}

function numbers(variants: readonly Variant[]): string {
  const [heading, ...rows] = comparisonTable(variants);
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="wide"><table>\n${cells(heading, "th")}\n${
    rows.map((row) => cells(row, "td")).join("\n")
  }\n</table></div>
<p>Mean ± standard deviation over the seeds. SWD: sliced Wasserstein distance of the samples to photos
(times 1,000, less is better; photos from photos is what photos themselves reach). MS-SSIM between
samples: more is less varied. Memorised: samples more like a training photo than those are like each
other. Losses and scores are means of the last tenth of the steps; losses of different kinds cannot be
compared with each other.</p>`;
}

function runList(variants: readonly Variant[]): string {
  const rows = variants.flatMap(({ name, runs }) =>
    runs.map(({ folder, seed, steps, seconds }) =>
      `<tr><th scope="row">${escapeXml(name)}, seed ${seed}</th><td>${escapeXml(folder.path)}: ` +
      `${steps} steps in ${formatSeconds(seconds)}</td></tr>`
    )
  );
  return `<table>\n${rows.join("\n")}\n</table>`;
}
