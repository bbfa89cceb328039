/**
 * What a run leaves at its end: plots, the animation of its samples, the report.
 *
 * @module
 */

import { renderSvg } from "../deps/resvg.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { programName } from "../host/program_name.ts";
import { renderChart } from "../plot/chart.ts";
import { GIF_DELAY, GIF_LAST_DELAY, GifEncoder, type GifFrame, toGifFrame } from "../image/gif.ts";
import type { RgbImage } from "../image/image.ts";
import { encodeJpeg } from "../image/jpeg.ts";
import { addPngText } from "../image/png_encoder.ts";
import { upscale } from "../image/resample.ts";
import type { RunFolder } from "./folder.ts";
import { ENGLISH, lossChart } from "./curves.ts";
import { readEvaluations } from "./evaluations.ts";
import { readMetrics } from "./metrics_log.ts";
import { renderReport } from "./report.ts";
import type { RunConfig } from "./run_config.ts";
import { chooseEvenly, coarseToFine, readSamples } from "./timeline.ts";

/** Samples that the animation and the report show of a step. */
const PICTURES = 16;
/** Frames of the animation. */
const FRAMES = 40;
/** Animations are not enlarged beyond this many pixels a side. */
const FRAME_SIDE = 600;
/** Steps that curves are drawn through: more would not show at 960 pixels. */
const CURVE_POINTS = 50_000;

/** How far {@linkcode finishRun} has come. */
export interface FinishProgress {
  /** Frames done. */
  readonly done: number;
  /** Frames that there shall be. */
  readonly total: number;
}

/** What {@linkcode finishRun} needs to know. */
export interface FinishOptions {
  /** Steps done. */
  readonly stepsDone: number;
  /** What went wrong, in words. */
  readonly warnings: readonly string[];
  /** After this many milliseconds no further frame is begun; default 5000. */
  readonly budget?: number;
}

/** What {@linkcode finishRun} left. */
export interface Finished {
  /** The files written. */
  readonly written: readonly string[];
  /** Sample grids that could not be read. */
  readonly damaged: readonly string[];
}

/**
 * Draws a run's plots, animation and report from what lies in its folder, and says now and then how far
 * it is. However long the run and however large its pictures, it ends within seconds: what takes time
 * are frames, and where time runs out there are fewer of them.
 *
 * @throws {UserError} If the disk is full.
 */
export async function* finishRun(
  folder: RunFolder,
  config: RunConfig,
  { stepsDone, warnings, budget = 5000 }: FinishOptions,
): AsyncGenerator<FinishProgress, Finished, void> {
  const deadline = performance.now() + budget;
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
  const evaluations = await readEvaluations(folder);
  const svg = renderChart(
    lossChart(chooseEvenly(metrics, CURVE_POINTS), subtitle, ENGLISH, evaluations),
  );
  await writeFileAtomic(folder.plot("svg"), svg);
  await writeFileAtomic(folder.plot("png"), addPngText(await renderSvg(svg), text));

  const written = [folder.plot("png"), folder.plot("svg")];
  const damaged: string[] = [];
  const frames = new Map<number, { readonly jpeg: Uint8Array; readonly frame: GifFrame }>();
  const steps = await folder.sampleSteps();
  const chosen = chooseEvenly(steps, FRAMES);
  for (const [done, i] of coarseToFine(chosen.length).entries()) {
    if (frames.size >= 2 && performance.now() > deadline) break;
    yield { done, total: chosen.length };
    await turn();
    const samples = await readSamples(folder, chosen[i], { pictures: PICTURES, size });
    if (samples) frames.set(chosen[i], drawFrame(samples.grid));
    else damaged.push(folder.sample(chosen[i]));
  }
  const timeline = [...frames].sort(([a], [b]) => a - b);
  if (timeline.length > 0) {
    const gif = new GifEncoder();
    for (const [i, [, { frame }]] of timeline.entries()) {
      gif.add(frame, i === timeline.length - 1 ? GIF_LAST_DELAY : GIF_DELAY);
      await turn();
    }
    await writeFileAtomic(folder.growth, gif.finish(JSON.stringify(text)));
    written.push(folder.growth);
  }
  const last = timeline.at(-1)?.[0];
  const report = renderReport({
    program: programName(),
    name: folder.path,
    config,
    stepsDone,
    metrics,
    evaluations,
    chart: svg,
    timeline: timeline.map(([step, { jpeg }]) => ({ step, jpeg })),
    finalGrid: last === undefined ? undefined : await Deno.readFile(folder.sample(last)),
    warnings: [
      ...warnings,
      ...damaged.map((path) => `The samples in ${path} are damaged and left out.`),
    ],
  });
  await writeFileAtomic(folder.report, report);
  return { written: [...written, folder.report], damaged };
}

function drawFrame(grid: RgbImage): { readonly jpeg: Uint8Array; readonly frame: GifFrame } {
  const scale = Math.max(1, Math.min(2, Math.floor(FRAME_SIDE / grid.width)));
  return { jpeg: encodeJpeg(grid, 90), frame: toGifFrame(upscale(grid, scale, "nearest")) };
}

/** Lets the event loop turn: Ctrl-C only arrives then. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
