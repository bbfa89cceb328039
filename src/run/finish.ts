/**
 * What a run leaves at its end: plots, the animation of its samples, the report.
 *
 * @module
 */

import { renderSvg } from "../deps/resvg.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { programName } from "../host/program_name.ts";
import { renderChart } from "../plot/chart.ts";
import { encodeGif } from "../image/gif.ts";
import { encodeJpeg } from "../image/jpeg.ts";
import { addPngText } from "../image/png_encoder.ts";
import { upscale } from "../image/resample.ts";
import type { RunFolder } from "./folder.ts";
import { lossChart } from "./curves.ts";
import { readMetrics } from "./metrics_log.ts";
import { renderReport } from "./report.ts";
import type { RunConfig } from "./run_config.ts";
import { readTimeline } from "./timeline.ts";

/**
 * Draws a run's plots, animation and report from what lies in its folder; returns their paths.
 *
 * @throws {UserError} If the disk is full.
 */
export async function finishRun(
  folder: RunFolder,
  config: RunConfig,
  stepsDone: number,
  warnings: readonly string[],
): Promise<string[]> {
  const metrics = await readMetrics(folder.metrics);
  const { seed, size, width, batch, loss } = config.train;
  const subtitle =
    `seed ${seed} · step ${stepsDone} · width ${width} · batch ${batch} · loss ${loss}`;
  const text = {
    Software: `facadegan ${config.versions.facadegan}`,
    Seed: String(seed),
    Step: String(stepsDone),
    Settings: JSON.stringify(config.train),
  };
  const svg = renderChart(lossChart(metrics, subtitle));
  await writeFileAtomic(folder.plot("svg"), svg);
  await writeFileAtomic(folder.plot("png"), addPngText(await renderSvg(svg), text));
  const timeline = await readTimeline(folder, { frames: 40, pictures: 16, size });
  const written = [folder.plot("png"), folder.plot("svg")];
  if (timeline.length > 0) {
    const frames = timeline.map(({ grid }) => upscale(grid, 2, "nearest"));
    await writeFileAtomic(folder.growth, encodeGif(frames, { comment: JSON.stringify(text) }));
    written.push(folder.growth);
  }
  const lastSample = (await folder.sampleSteps()).at(-1);
  const report = renderReport({
    program: programName(),
    name: folder.path,
    config,
    stepsDone,
    metrics,
    chart: svg,
    timeline: timeline.map(({ step, grid }) => ({ step, jpeg: encodeJpeg(grid, 90) })),
    finalGrid: lastSample === undefined
      ? undefined
      : await Deno.readFile(folder.sample(lastSample)),
    warnings,
  });
  await writeFileAtomic(folder.report, report);
  return [...written, folder.report];
}
