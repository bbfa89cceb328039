/**
 * `train`: opens GPU, photos, networks and run folder, trains, and leaves everything in order.
 *
 * @module
 */

import { resolve } from "node:path";
import { type Dataset, openDataset, type Progress } from "../../data/mod.ts";
import { absoluteSource } from "../../data/expand.ts";
import { UserError } from "../../errors.ts";
import type { Gpu } from "../../gpu/device.ts";
import { compileBeside } from "../../host/compile_beside.ts";
import { freeMemory } from "../../host/free_memory.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { describeOthers } from "../../data/sources.ts";
import { programName } from "../../host/program_name.ts";
import { Judge } from "../../judge/judge.ts";
import { readJudgePhotos } from "../../judge/photos.ts";
import type { FinishProgress } from "../../run/finish.ts";
import { formatSeconds } from "../../run/report.ts";
import { type RunEvent, trainInto } from "../../run/train_into.ts";
import { holds } from "../../train/checkpoint.ts";
import { refuseTooLarge } from "../../train/fit.ts";
import type { TrainSettings } from "../../train/settings.ts";
import { Trainer } from "../../train/trainer.ts";
import { adapterInWords, slowBackend } from "../adapter_words.ts";
import type { TRAIN } from "../commands/train.ts";
import type { Invocation } from "../invocation.ts";
import type { Reporter } from "../progress/reporter.ts";
import { printable } from "../printable.ts";
import { asOptions } from "../settings_as_options.ts";
import { chooseReporter } from "../terminal.ts";
import { openCheckpoint } from "./open_checkpoint.ts";
import { FreshDevices } from "./fresh_devices.ts";
import { StopRequest } from "./stop_request.ts";
import {
  photoOptions,
  planTraining,
  refuseEmulatedHalf,
  totalSteps,
  type TrainPlan,
  trainSettings,
} from "./train_plan.ts";

/** The losses became no numbers: more of the same would not mend it. */
export class TrainingDiverged extends UserError {
  override name = "TrainingDiverged";
}

/** Trains; where a signal ended it, with the status that shells give for that signal. */
export async function train(invocation: Invocation<typeof TRAIN>): Promise<number> {
  using stop = new StopRequest();
  const plan = await planTraining(invocation);
  using _claim = plan.claim;
  const reporter = chooseReporter(plan.invocation.options);
  try {
    const expected = {
      width: trainSettings(plan.invocation.options, true).width,
      lanes: plan.before?.config.adapter.subgroupSizes?.[0],
    };
    using gpu = await openTunedGpu(plan.before?.config.kernels, expected);
    using trainer = await openTrainer(plan, gpu, reporter);
    using devices = new FreshDevices(trainer);
    let compiled: Promise<() => Promise<void>> | undefined;
    // The process ends afterwards, and must not while the driver compiles. What else is wrong is said already.
    const settled = async (): Promise<void> => {
      await devices.finished();
      await (await compiled)?.();
    };
    stop.waitFor(settled);
    try {
      // Once there are photos: while they are decoded the driver compiles.
      const begin = () => compiled ??= compileBeside(trainer);
      await using photos = await openPhotos(plan, trainer, reporter, begin);
      return await trainOn(plan, trainer, photos, { reporter, stop, reopen: devices.reopen });
    } finally {
      await settled();
    }
  } finally {
    reporter.close();
  }
}

async function openTrainer(plan: TrainPlan, gpu: Gpu, reporter: Reporter): Promise<Trainer> {
  const trainer = await makeTrainer(plan, gpu, reporter);
  await trainer.ready();
  return trainer;
}

async function makeTrainer(
  { checkpoint, weights, invocation }: TrainPlan,
  gpu: Gpu,
  reporter: Reporter,
): Promise<Trainer> {
  const settings = trainSettings(invocation.options, gpu.software);
  refuseEmulatedHalf(settings, gpu.summary);
  refuseTooLarge(gpu, settings, freeMemory(gpu));
  if (weights) {
    weights.notes.forEach((note) => reporter.warning(note));
    return Trainer.fineTune(gpu, weights.checkpoint, settings);
  }
  if (!checkpoint) return Trainer.create(gpu, settings);
  const held = await openCheckpoint(checkpoint, (line) => reporter.warning(line));
  return Trainer.resume(gpu, held.checkpoint, settings);
}

async function openPhotos(
  plan: TrainPlan,
  trainer: Trainer,
  reporter: Reporter,
  begin: () => void,
): Promise<Dataset> {
  return await openDataset({
    ...photoOptions(plan.invocation.options, trainer.settings),
    onProgress: (progress) => {
      reporter.work(progress);
      begin();
    },
    onSkipped: ({ path, reason }) => reporter.warning(`skipped ${path}: ${reason}`),
    onOthers: (files) => reporter.warning(describeOthers(files)),
    onFlawed: ({ path, reason }) => reporter.warning(`${path} is used, but ${reason}`),
    onUncached: (line) => reporter.warning(line),
  });
}

async function trainOn(
  plan: TrainPlan,
  trainer: Trainer,
  photos: Dataset,
  { reporter, stop, reopen }: {
    readonly reporter: Reporter;
    readonly stop: StopRequest;
    readonly reopen: FreshDevices["reopen"];
  },
): Promise<number> {
  const { claim, invocation, checkpoint, before } = plan;
  const { folder } = claim;
  const { options } = invocation;
  const { gpu, settings } = trainer;
  if (!claim.guarded) {
    reporter.warning(
      `the disk of ${folder.path} keeps no locks: see to it that no other process writes to this run`,
    );
  }
  // A resumed run has been told.
  if (!checkpoint) photos.warnings().forEach((line) => reporter.warning(asOptions(line)));
  const fromStep = trainer.stepsDone;
  const steps = totalSteps(invocation, photos.stepsPerEpoch, gpu.software);
  if (checkpoint && steps <= fromStep) {
    throw new UserError(
      `${folder.path} is already at step ${fromStep}: give --steps with a larger number to go on`,
    );
  }
  const every = options["evaluate-every"];
  const events = trainInto(claim, trainer, photos, {
    steps,
    ...(every ? { evaluate: { every, judge: await openJudge(options, settings) } } : {}),
    samples: options.samples,
    ...(options["sample-every"] ? { sampleEvery: options["sample-every"] } : {}),
    ...(options["checkpoint-every"] ? { checkpointEvery: options["checkpoint-every"] } : {}),
    signal: await stop.listen(),
    keep: options.keep,
    tensorboard: options.tensorboard === "on",
    photos: {
      source: options.data?.map(absoluteSource) ?? "drawn facades",
      count: photos.count,
      list: photos.listing,
    },
    onNan: options["on-nan"],
    reopen,
    allowChanges: options["allow-changes"],
    ...(before ? { before: before.folder } : {}),
    commandLine: commandLine(plan),
  });
  const begun =
    `${beginning(plan, fromStep)} on ${photos.count} photo${photos.count === 1 ? "" : "s"}: ` +
    `size ${settings.size}, ${
      settings.channels === 1 ? "grey, " : ""
    }width ${settings.width}, batch ${settings.batch}, ` +
    `seed ${settings.seed}\non ${adapterInWords(gpu.summary)}; everything goes to ${folder.path}`;
  for await (const event of events) {
    if (event.kind === "start") {
      const { count } = photos;
      const adapter = gpu.summary.name;
      reporter.event("start", begun, {
        folder: event.folder,
        step: fromStep,
        steps,
        photos: count,
        adapter,
        backend: gpu.summary.backend,
      });
      const slow = slowBackend(gpu.summary);
      if (slow) reporter.warning(slow);
    }
    tell(reporter, event);
    if (event.kind === "end") return ending(event, plan, steps, { reporter, stop });
  }
  throw new Error("unreachable: the last event is the end");
}

/** What judges samples on the way: photos held out of training. */
async function openJudge(
  options: TrainPlan["invocation"]["options"],
  settings: TrainSettings,
): Promise<Judge> {
  return new Judge(
    await readJudgePhotos({ ...photoOptions(options, settings), channels: settings.channels }),
  );
}

function beginning({ checkpoint, weights }: TrainPlan, fromStep: number): string {
  if (checkpoint) return `Going on from step ${fromStep}`;
  if (!weights) return "Training";
  const fresh = holds(weights.checkpoint, "D") ? "" : " and a new discriminator";
  return `Fine-tuning the weights of ${weights.path}${fresh}`;
}

/** Passes what happened on to people. */
function tell(reporter: Reporter, event: RunEvent): void {
  switch (event.kind) {
    case "metrics":
      return reporter.training(event.progress);
    case "warning":
      return reporter.warning(asOptions(event.warning.message));
    case "finishing":
      return reporter.work(finishingWork(event));
    case "back":
    case "note":
      return reporter.warning(event.message);
    case "evaluation": {
      const { evaluation: { step, swd, floor, ms_ssim, memorised }, best } = event;
      return reporter.event(
        "evaluation",
        `step ${step}: distance from photos ${swd.avg.toFixed(1)} (photos from photos ` +
          `${floor.toFixed(1)})${best === undefined ? "" : `, the best so far: ${best}`}`,
        { step, swd, floor, ms_ssim, memorised, ...(best === undefined ? {} : { best }) },
      );
    }
    case "samples": {
      const { step, path } = event;
      return reporter.event("sample", `samples of step ${step}: ${path}`, { step, path });
    }
    case "checkpoint": {
      const { step, path } = event;
      return reporter.event("checkpoint", `checkpoint of step ${step}: ${path}`, { step, path });
    }
  }
}

function finishingWork({ done, total }: FinishProgress): Progress {
  return { what: "drawing the report", done, total, unit: "frames", rate: 0, eta: Infinity };
}

/** Says how it ended and what comes next; gives the exit status. */
function ending(
  { ended, step, time, written }: Extract<RunEvent, { readonly kind: "end" }>,
  { claim: { folder } }: TrainPlan,
  steps: number,
  { reporter, stop }: { readonly reporter: Reporter; readonly stop: StopRequest },
): number {
  if (ended === "not-a-number") {
    throw new TrainingDiverged(
      `training stopped at step ${step} because the losses are no numbers any more; ` +
        `what checkpoints are in ${folder.path} are from before`,
    );
  }
  const resume = `${programName()} train --resume ${folder.path}`;
  if (ended === "aborted") {
    reporter.event(
      "interrupted",
      `Stopped at step ${step}; the checkpoint is saved. Go on with: ${resume}`,
      { step, resume },
    );
    return stop.status;
  }
  reporter.event(
    "done",
    `Done: ${step} steps, ${formatSeconds(time.seconds)} of training.\n` +
      written.map((path) => `  ${printable(path)}\n`).join("") +
      `Draw pictures with: ${programName()} generate --checkpoint ${folder.path}\n` +
      `Train on with:      ${resume} --steps ${2 * steps || 1000}`,
    { step, seconds: time.seconds, written },
  );
  return 0;
}

/**
 * The options that config.json keeps: those that say what is computed, paths made absolute. A resumed
 * run keeps the weights it once began with.
 */
function commandLine({ invocation, weights, before }: TrainPlan): Record<string, unknown> {
  const { options } = invocation;
  const { out: _out, resume: _resume, config: _config, quiet: _quiet, epochs: _epochs, ...kept } =
    options;
  const { "log-format": _format, "weights-only": _only, "allow-changes": _changes, ...rest } = kept;
  const begun = before?.config.options;
  const all = {
    ...rest,
    data: options.data?.map(absoluteSource),
    ...(weights ? { resume: resolve(weights.path), "weights-only": true } : {}),
    ...(begun?.["weights-only"] ? { resume: begun.resume, "weights-only": true } : {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
