/**
 * `train`: opens GPU, photos, networks and run folder, trains, and leaves everything in order.
 *
 * @module
 */

import { resolve } from "node:path";
import { type Dataset, openDataset } from "../../data/mod.ts";
import { UserError } from "../../errors.ts";
import type { Gpu } from "../../gpu/device.ts";
import { finishRun } from "../../run/finish.ts";
import { readMetrics } from "../../run/metrics_log.ts";
import { RunRecorder } from "../../run/recorder.ts";
import { formatSeconds } from "../../run/report.ts";
import { type RunConfig, type Session, writeRunConfig } from "../../run/run_config.ts";
import { loadCheckpoint } from "../../train/checkpoint.ts";
import { Trainer } from "../../train/trainer.ts";
import type { TRAIN } from "../commands/train.ts";
import type { Invocation } from "../invocation.ts";
import { programName } from "../../host/program_name.ts";
import { kernelChoices, openTunedGpu } from "../../host/open_gpu.ts";
import type { Reporter } from "../progress/reporter.ts";
import { chooseReporter } from "../terminal.ts";
import { VERSIONS } from "../versions.ts";
import { StopRequest } from "./stop_request.ts";
import { trainLoop } from "./train_loop.ts";
import { planTraining, totalSteps, type TrainPlan, trainSettings } from "./train_plan.ts";

/** Trains; status 130 where Ctrl-C ended it. */
export async function train(invocation: Invocation<typeof TRAIN>): Promise<number> {
  const plan = await planTraining(invocation);
  const reporter = chooseReporter(plan.invocation.options);
  try {
    using gpu = await openTunedGpu(plan.before?.config.kernels);
    await using photos = await openPhotos(plan, gpu, reporter);
    return await trainOn(plan, gpu, photos, reporter);
  } finally {
    reporter.close();
  }
}

async function openPhotos(plan: TrainPlan, gpu: Gpu, reporter: Reporter): Promise<Dataset> {
  const { options } = plan.invocation;
  const { seed, batch } = trainSettings(options, gpu.software);
  return await openDataset({
    ...(options.data ? { source: options.data } : {}),
    ...(options.workers ? { workers: options.workers } : {}),
    seed,
    batch,
    layout: options.crop,
    trimBorder: options["trim-border"],
    ...(options.augment === "off" ? { augmentation: false } : {}),
    onProgress: (progress) => reporter.work(progress),
    onSkipped: ({ path, reason }) => reporter.warning(`skipped ${path}: ${reason}`),
  });
}

async function trainOn(
  plan: TrainPlan,
  gpu: Gpu,
  photos: Dataset,
  reporter: Reporter,
): Promise<number> {
  const { folder, invocation, checkpoint, before } = plan;
  const { options } = invocation;
  const settings = trainSettings(options, gpu.software);
  using trainer = Trainer.create(gpu, settings);
  if (checkpoint) trainer.restore((await loadCheckpoint(checkpoint)).file, checkpoint);
  const fromStep = trainer.stepsDone;
  const steps = totalSteps(invocation, photos.stepsPerEpoch, gpu.software);
  if (checkpoint && steps <= fromStep) {
    throw new UserError(
      `${folder.path} is already at step ${fromStep}: give --steps with a larger number to go on`,
    );
  }
  const intervals = {
    sampleEvery: options["sample-every"] ?? Math.max(1, Math.round(steps / 24)),
    checkpointEvery: options["checkpoint-every"] ??
      Math.max(1, Math.min(2000, Math.ceil(steps / 4))),
  };
  const session: Session = { time: new Date().toISOString(), fromStep };
  const earlier = before?.config.sessions ?? [];
  const config: RunConfig = {
    options: optionsInForce(invocation, gpu, steps, intervals),
    train: settings,
    photos: {
      source: options.data?.map((path) => resolve(path)) ?? "drawn facades",
      count: photos.count,
    },
    versions: VERSIONS,
    adapter: gpu.summary,
    kernels: kernelChoices(gpu, settings),
    sessions: [...earlier, session],
  };
  const recorder = await RunRecorder.open(folder, config, {
    step: fromStep,
    tensorboard: options.tensorboard === "on",
    keep: options.keep,
  });
  if (before && before.folder.path !== folder.path) {
    const metrics = await readMetrics(before.folder.metrics);
    await recorder.metrics(metrics.filter(({ step }) => step < fromStep));
  }
  reporter.event(
    "start",
    `${checkpoint ? `Going on from step ${fromStep}` : "Training"} on ${photos.count} photos: ` +
      `width ${settings.width}, batch ${settings.batch}, seed ${settings.seed}\n` +
      `on ${gpu.summary.name}; everything goes to ${folder.path}`,
    { folder: folder.path, step: fromStep, steps, photos: photos.count, adapter: gpu.summary.name },
  );

  using stop = new StopRequest();
  const outcome = await trainLoop({
    trainer,
    photos,
    recorder,
    reporter,
    steps,
    samples: options.samples,
    ...intervals,
    stopRequested: () => stop.requested,
  });
  const done: RunConfig = { ...config, sessions: [...earlier, { ...session, ...outcome.timing }] };
  await writeRunConfig(folder, done);
  const written = await finishRun(folder, done, trainer.stepsDone, outcome.warnings);
  if (outcome.ended === "not-a-number") {
    throw new UserError(
      `training stopped at step ${trainer.stepsDone} because the losses are no numbers any more; ` +
        `the checkpoints in ${folder.path} are from before`,
    );
  }
  const resume = `${programName()} train --resume ${folder.path}`;
  if (outcome.ended === "interrupted") {
    reporter.event(
      "interrupted",
      `Stopped at step ${trainer.stepsDone}; the checkpoint is saved. Go on with: ${resume}`,
      { step: trainer.stepsDone, resume },
    );
    return 130;
  }
  reporter.event(
    "done",
    `Done: ${trainer.stepsDone} steps, ${
      formatSeconds(outcome.timing.seconds ?? 0)
    } of training.\n` +
      written.map((path) => `  ${path}\n`).join("") +
      `Draw pictures with: ${programName()} generate --checkpoint ${folder.path}\n` +
      `Train on with:      ${resume} --steps ${2 * steps || 1000}`,
    { step: trainer.stepsDone, seconds: outcome.timing.seconds, written },
  );
  return 0;
}

/** The options as `--config` takes them, what the preset decided filled in. */
function optionsInForce(
  { options }: Invocation<typeof TRAIN>,
  gpu: Gpu,
  steps: number,
  intervals: { readonly sampleEvery: number; readonly checkpointEvery: number },
): Record<string, unknown> {
  const { width, batch } = trainSettings(options, gpu.software);
  const { out: _out, resume: _resume, config: _config, quiet: _quiet, epochs: _epochs, ...kept } =
    options;
  const { "log-format": _format, ...rest } = kept;
  const inForce = {
    ...rest,
    ...(options.data ? { data: options.data.map((path) => resolve(path)) } : {}),
    width,
    batch,
    steps,
    "sample-every": intervals.sampleEvery,
    "checkpoint-every": intervals.checkpointEvery,
  };
  return Object.fromEntries(Object.entries(inForce).filter(([, value]) => value !== undefined));
}
