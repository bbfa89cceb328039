/**
 * `evaluate`: judges a generator's samples by photos.
 *
 * @module
 */

import { openTunedGpu } from "../../host/open_gpu.ts";
import { writeFileAtomic } from "../../files/atomic.ts";
import { Judge } from "../../judge/judge.ts";
import { drawSamples, readJudgePhotos } from "../../judge/photos.ts";
import { folderOfCheckpoint } from "../../run/folder.ts";
import { renderNearest } from "../../run/nearest_page.ts";
import { readRunConfig } from "../../run/run_config.ts";
import { photosOfRun } from "../../run/run_photos.ts";
import { openGenerator } from "../../train/loaded_generator.ts";
import type { EVALUATE } from "../commands/evaluate.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { openCheckpoint } from "./open_checkpoint.ts";

/** Judges and prints. */
export async function evaluate({ options }: Invocation<typeof EVALUATE>): Promise<number> {
  const { path, checkpoint } = await openCheckpoint(options.checkpoint, warn);
  const run = await readRunConfig(folderOfCheckpoint(path)).catch(() => undefined);
  const photos = await readJudgePhotos({
    ...(run ? photosOfRun(run) : {}),
    ...(options.data ? { source: options.data } : {}),
    ...(options.holdout === undefined ? {} : { holdout: options.holdout }),
    ...(options.crop ? { layout: options.crop } : {}),
    ...(options.workers ? { workers: options.workers } : {}),
    size: checkpoint.settings.size,
    channels: checkpoint.settings.channels,
    onSkipped: ({ path, reason }) => warn(`skipped ${path}: ${reason}`),
  });
  using gpu = await openTunedGpu();
  using generator = openGenerator(
    gpu,
    checkpoint,
    options.weights === undefined ? {} : { weights: options.weights },
  );
  const samples = await drawSamples(generator, options.samples, options.seed);
  const begun = performance.now();
  const found = await new Judge(photos, { seed: options.seed }).judge(samples);
  const seconds = (performance.now() - begun) / 1000;
  const { judgement, photosMsSsim } = found;
  const what = `${samples.count} samples of ${path} (${generator.weights} weights, step ` +
    `${checkpoint.stepsDone})`;
  if (options.page !== undefined) {
    const page = renderNearest({ title: what, samples, photos, found });
    await writeFileAtomic(options.page, page);
  }
  if (options.json) {
    TERMINAL.write(`${JSON.stringify(judgement)}\n`);
    return 0;
  }
  const { swd: { avg, ...levels }, floor, ms_ssim, memorised } = judgement;
  const by = photos.training
    ? `${photos.reference.count} photos held out of training`
    : `${photos.reference.count} photos (none known to be held out of training)`;
  const perLevel = Object.entries(levels).toReversed()
    .map(([size, value]) => `${value.toFixed(1)} at ${size} pixels`).join(", ");
  TERMINAL.write(
    `${what}, judged by ${by} in ${seconds.toFixed(1)} s\n` +
      `sliced Wasserstein distance  ${avg.toFixed(1)}   ${perLevel}; photos from photos: ` +
      `${floor.toFixed(1)}\n` +
      `MS-SSIM between samples      ${ms_ssim.toFixed(3)}  between photos: ` +
      `${photosMsSsim.toFixed(3)}; higher means less varied\n` +
      `memorised                    ${(100 * memorised).toFixed(1)}%  more like a training photo ` +
      `than 99 in 100 of those are like each other\n` +
      (options.page === undefined ? "" : `the most alike beside each other: ${options.page}\n`),
  );
  return 0;
}
