/**
 * `evaluate`: judges a generator's samples by photos.
 *
 * @module
 */

import { openTunedGpu } from "../../host/open_gpu.ts";
import { writeFileAtomic } from "../../files/atomic.ts";
import { type FeatureJudgement, judgeByFeatures } from "../../judge/by_features.ts";
import { FeatureNetwork } from "../../judge/feature_network.ts";
import { Judge } from "../../judge/judge.ts";
import { drawSamples, readJudgePhotos } from "../../judge/photos.ts";
import { UserError } from "../../errors.ts";
import { isLockedApart } from "../../deps/locked_apart.ts";
import { programName } from "../../host/program_name.ts";
import { folderOfCheckpoint } from "../../run/folder.ts";
import { renderNearest } from "../../run/nearest_page.ts";
import { readRunConfig } from "../../run/run_config.ts";
import { photosOfRun } from "../../run/run_photos.ts";
import { openGenerator } from "../../train/loaded_generator.ts";
import type { EVALUATE } from "../commands/evaluate.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { openCheckpoint } from "./open_checkpoint.ts";

/** Judges and prints. */
export async function evaluate({ options }: Invocation<typeof EVALUATE>): Promise<number> {
  if (options.features !== undefined) await checkFeaturesFile(options.features);
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
  // Only now: a thread that starts beside a session of onnxruntime never answers.
  const features = options.features === undefined ? undefined : await judgeByFeatures(
    await FeatureNetwork.open(options.features, options["features-range"]),
    photos,
    samples,
    sayProgress(),
  );
  const what = `${samples.count} samples of ${path} (${generator.weights} weights, step ` +
    `${checkpoint.stepsDone})`;
  if (options.page !== undefined) {
    const page = renderNearest({ title: what, samples, photos, found });
    await writeFileAtomic(options.page, page);
  }
  if (options.json) {
    TERMINAL.write(`${JSON.stringify({ ...judgement, ...features })}\n`);
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
      (features ? inWords(features) : "") +
      (options.page === undefined ? "" : `the most alike beside each other: ${options.page}\n`),
  );
  return 0;
}

/**
 * @throws {UserError} If there is no such file.
 * @throws {UsageError} From the task without the packages for it: they would get into the lock file of
 * all tasks, which all download.
 */
async function checkFeaturesFile(path: string): Promise<void> {
  if (programName() === "deno task" && !isLockedApart()) {
    throw new UsageError(
      `--features needs packages that nothing else does: deno task evaluate-features --features ${path}`,
    );
  }
  try {
    await Deno.stat(path);
  } catch {
    throw new UserError(`there is no network ${path}`);
  }
}

function inWords({ kid, kid_floor, fid, fid_floor, features }: FeatureJudgement): string {
  const floor = (value: number | null, digits: number) =>
    value === null ? "" : `  photos from photos: ${value.toFixed(digits)}`;
  return `kernel Inception distance    ${kid.toFixed(2)}  by ${features} features, times 1,000;` +
    `${floor(kid_floor, 2)}\n` +
    `Fréchet Inception distance   ${fid.toFixed(2)} ${
      floor(fid_floor, 2)
    }; of so few photos trust ` +
    "the kernel distance\n";
}

/** Tells how far the network is, every ten seconds. */
function sayProgress(): (done: number, of: number) => void {
  let last = performance.now();
  return (done, of) => {
    if (performance.now() - last < 10_000) return;
    last = performance.now();
    TERMINAL.writeError(`the network has seen ${done} of ${of} pictures\n`);
  };
}
