/**
 * The comparison as one picture: samples from the same noise, a row a variant, before, during and
 * after training.
 *
 * @module
 */

import { encodePng } from "../image/png_encoder.ts";
import { escapeXml } from "../plot/svg.ts";
import { pngUrl } from "../run/page.ts";
import { chooseEvenly, readSamples, type TimelineEntry } from "../run/timeline.ts";
import type { ComparedRun, Variant } from "./gather.ts";
import { lastEvaluation } from "./statistics.ts";

/** Columns: before, three times during, after. */
const COLUMNS = 5;
const PICTURES = 16;
const CELL = 268;
const GAP = 12;
const LEFT = 150;
const HEADER = 64;
const LABEL = 24;

/** The figure of the runs that the variants have of a seed, as SVG with the samples within. */
export async function comparisonFigure(
  variants: readonly Variant[],
  seed: number,
): Promise<string> {
  const rows: string[] = [];
  const withSeed = variants.flatMap(({ name, runs }) => {
    const run = runs.find((one) => one.seed === seed);
    return run ? [{ name, run }] : [];
  });
  const width = LEFT + COLUMNS * (CELL + GAP) + GAP;
  for (const [i, { name, run }] of withSeed.entries()) {
    const top = HEADER + i * (CELL + LABEL + GAP);
    rows.push(...rowTitle(name, run, top));
    for (const [column, { step, grid }] of (await timelineOf(run)).entries()) {
      const left = LEFT + column * (CELL + GAP);
      rows.push(
        text(left, top + 17, `step ${step}`, 14),
        `<image x="${left}" y="${top + LABEL}" width="${CELL}" height="${CELL}" ` +
          `href="${pngUrl(encodePng(grid))}"/>`,
      );
    }
  }
  const height = HEADER + withSeed.length * (CELL + LABEL + GAP) + GAP;
  const { size, width: narrow, batch } = withSeed[0].run.config.train;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" role="img" font-family="PT Sans, Verdana, sans-serif">`,
    `<title>Samples from the same noise</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(GAP, 30, "Samples from the same noise, before, during and after training", 20, "bold"),
    text(
      GAP,
      51,
      `seed ${seed}: same weights at the start, same batches, same noise; ${size} pixels, width ` +
        `${narrow}, batch ${batch}`,
      13,
    ),
    ...rows,
    "</svg>\n",
  ].join("\n");
}

function rowTitle(name: string, run: ComparedRun, top: number): string[] {
  const evaluation = lastEvaluation(run);
  return [
    ...name.split(", ").map((part, i) => text(GAP, top + LABEL + 20 + 22 * i, part, 17, "bold")),
    ...(evaluation ? [text(GAP, top + CELL, `SWD ${evaluation.swd.avg.toFixed(1)}`, 15)] : []),
  ];
}

async function timelineOf({ folder, config }: ComparedRun): Promise<TimelineEntry[]> {
  const { size } = config.train;
  const steps = chooseEvenly(await folder.sampleSteps(), COLUMNS);
  const samples = steps.map((step) => readSamples(folder, step, { pictures: PICTURES, size }));
  return (await Promise.all(samples)).filter((entry) => entry !== undefined);
}

function text(x: number, y: number, content: string, size: number, weight = "normal"): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="#222222">${
    escapeXml(content)
  }</text>`;
}
