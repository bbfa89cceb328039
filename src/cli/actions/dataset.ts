/**
 * `dataset synth`, `dataset inspect` and `dataset download`.
 *
 * @module
 */

import { downloadFacades, inspectDataset, synthFacades } from "../../data/mod.ts";
import { describeOthers } from "../../data/sources.ts";
import { writeFileAtomic } from "../../files/atomic.ts";
import { encodePng } from "../../image/png_encoder.ts";
import { programName } from "../../host/program_name.ts";
import type { DATASET_DOWNLOAD, DATASET_INSPECT, DATASET_SYNTH } from "../commands/dataset.ts";
import type { Invocation } from "../invocation.ts";
import { printable } from "../printable.ts";
import { chooseReporter, TERMINAL } from "../terminal.ts";
import { countShapes, drawShapes } from "./aspect_chart.ts";

/** Draws facades into a folder. */
export async function datasetSynth(
  { options, args: [folder] }: Invocation<typeof DATASET_SYNTH>,
): Promise<number> {
  const { count, facades, size, seed, format, workers, quiet } = options;
  const reporter = chooseReporter({ quiet, "log-format": "text" });
  const files = await synthFacades({
    folder,
    count,
    style: facades,
    ...(size === undefined ? {} : { size }),
    seed,
    format,
    ...(workers === undefined ? {} : { workers }),
    onProgress: (progress) => reporter.work(progress),
  });
  reporter.close();
  if (!quiet) TERMINAL.write(`${files.length} facades in ${folder}\n`);
  return 0;
}

/** Shows what photos hold and writes the contact sheet. */
export async function datasetInspect(
  { options, args }: Invocation<typeof DATASET_INSPECT>,
): Promise<number> {
  const { crop, json, quiet, sheet } = options;
  const reporter = chooseReporter({ quiet: quiet || json, "log-format": "text" });
  const found = await inspectDataset({
    source: args,
    size: options.size,
    layout: crop,
    trimBorder: options["trim-border"],
    minIntact: options["min-intact"],
    maxPixels: options["max-pixels"],
    onProgress: (progress) => reporter.work(progress),
  });
  reporter.close();
  const { files, usable, unreadable, others, flawed, duplicates } = found;
  const { formats, sizes, meanColor, contactSheet } = found;
  const shapes = countShapes(sizes);
  const text = { Software: "facadegan", Settings: JSON.stringify({ source: args, crop }) };
  await writeFileAtomic(sheet, encodePng(contactSheet, text));
  if (json) {
    const report = {
      files,
      usable,
      unreadable,
      others,
      flawed,
      duplicates,
      formats,
      sizes,
      shapes,
      meanColor,
      sheet,
    };
    TERMINAL.write(`${JSON.stringify(report)}\n`);
    return 0;
  }
  const counts = (record: Readonly<Record<string, number>>, most: number): string => {
    const all = Object.entries(record);
    const shown = all.slice(0, most).map(([name, count]) => `${count} ${name}`).join(", ");
    return all.length > most ? `${shown} and ${all.length - most} other sizes` : shown;
  };
  const color = meanColor.map((level) => Math.round(level)).join(", ");
  const lines = [
    `${files} files, ${usable} usable`,
    `formats: ${counts(formats, 9)}`,
    `sizes: ${counts(sizes, 5)}`,
    "shapes, width to height as stored:",
    ...drawShapes(shapes),
    `mean colour: rgb(${color})`,
    ...others.map(describeOthers),
    ...unreadable.map(({ path, reason }) => `unreadable: ${path}: ${reason}`),
    ...flawed.map(({ path, reason }) => `used all the same: ${path}: ${reason}`),
    ...duplicates.map((group) => `look alike: ${group.join(", ")}`),
    `contact sheet of what the network will see: ${sheet}`,
  ];
  TERMINAL.write(lines.map((line) => `${printable(line)}\n`).join(""));
  return 0;
}

/** Downloads photos. */
export async function datasetDownload(
  { options }: Invocation<typeof DATASET_DOWNLOAD>,
): Promise<number> {
  const { out, url, quiet } = options;
  const reporter = chooseReporter({ quiet, "log-format": "text" });
  const count = await downloadFacades({
    folder: out,
    ...(url === undefined ? {} : { url }),
    onProgress: (progress) => reporter.work(progress),
  });
  reporter.close();
  if (!quiet) {
    TERMINAL.write(`${count} photos in ${out}; train with: ${programName()} train --data ${out}\n`);
  }
  return 0;
}
