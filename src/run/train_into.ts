/**
 * Training into a run folder.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { UserError } from "../errors.ts";
import { kernelChoices } from "../host/open_gpu.ts";
import { VERSIONS } from "../host/versions.ts";
import { LOSSES } from "../ops/loss_table.ts";
import { type BatchSource, completeLoopOptions, type LoopOptions, train } from "../train/loop.ts";
import type { TrainEvent } from "../train/loop.ts";
import type { Trainer } from "../train/trainer.ts";
import { type FinishProgress, finishRun } from "./finish.ts";
import { RunClaim } from "./claim.ts";
import { RunFolder } from "./folder.ts";
import { readMetrics } from "./metrics_log.ts";
import { RunRecorder } from "./recorder.ts";
import { readRunConfig, type RunConfig, type Session, writeRunConfig } from "./run_config.ts";

/** How {@linkcode trainInto} goes about it; all but `steps` may be left out. */
export interface TrainIntoOptions extends LoopOptions {
  /** What config.json says of the photos. */
  readonly photos?: { readonly source: readonly string[] | string; readonly count: number };
  /** Checkpoints to keep, the newest; default 2. */
  readonly keep?: number;
  /** Whether to write TensorBoard's event files; default true. */
  readonly tensorboard?: boolean;
  /** The run that the trainer was resumed from; default the one in the folder. */
  readonly before?: RunFolder;
  /** The options that config.json keeps for `--config` and `--resume`, beside those given here. */
  readonly commandLine?: Readonly<Record<string, unknown>>;
}

/** What happened in a run, with the path of what was written. */
export type RunEvent =
  /** The folder is there and written to; training begins. */
  | { readonly kind: "start"; readonly step: number; readonly folder: string }
  /** Something in the folder was not as it should be, and what became of it. */
  | { readonly kind: "note"; readonly message: string }
  /** Training is over; plots, animation and report are being drawn. */
  | { readonly kind: "finishing" } & FinishProgress
  | Exclude<TrainEvent, { readonly kind: "samples" | "checkpoint" | "end" }>
  | Extract<TrainEvent, { readonly kind: "samples" | "checkpoint" }> & { readonly path: string }
  | Extract<TrainEvent, { readonly kind: "end" }> & { readonly written: readonly string[] };

/**
 * {@linkcode train}, leaving a run folder: settings, metrics, samples and checkpoints as they come;
 * curves, animation and report at the end. A trainer that was resumed goes on in the folder of its run,
 * or starts a folder at its step. Nobody else may write to the folder meanwhile; a claim that was
 * taken before is left to whoever took it.
 *
 * @throws {UserError} If a fresh trainer is to write into a folder that holds a run, another process
 * writes to it, or the disk is full.
 */
export async function* trainInto(
  where: string | RunFolder | RunClaim,
  trainer: Trainer,
  source: BatchSource,
  options: TrainIntoOptions,
): AsyncGenerator<RunEvent, void, void> {
  if (where instanceof RunClaim) return yield* trainClaimed(where.folder, trainer, source, options);
  const folder = typeof where === "string" ? new RunFolder(where) : where;
  using claim = await RunClaim.take(folder);
  yield* trainClaimed(claim.folder, trainer, source, options);
}

async function* trainClaimed(
  folder: RunFolder,
  trainer: Trainer,
  source: BatchSource,
  options: TrainIntoOptions,
): AsyncGenerator<RunEvent, void, void> {
  const fromStep = trainer.stepsDone;
  const there = await folder.exists();
  const before = options.before ?? (there && fromStep > 0 ? folder : undefined);
  if (!before && there) {
    throw new UserError(`${folder.path} already holds a run: resume it, or choose another folder`);
  }
  const session: Session = { time: new Date().toISOString(), fromStep };
  const earlier = before ? (await readRunConfig(before)).sessions : [];
  const { settings, gpu } = trainer;
  const { sampleEvery, checkpointEvery, steps } = completeLoopOptions(options);
  const config: RunConfig = {
    options: {
      ...settingsAsOptions(trainer),
      ...options.commandLine,
      steps,
      "sample-every": sampleEvery,
      "checkpoint-every": checkpointEvery,
    },
    train: settings,
    photos: options.photos ?? { source: "a program", count: 0 },
    versions: VERSIONS,
    adapter: gpu.summary,
    kernels: kernelChoices(gpu, settings),
    sessions: [...earlier, session],
  };
  const notes: string[] = [];
  const recorder = await RunRecorder.open(folder, config, {
    step: fromStep,
    tensorboard: options.tensorboard ?? true,
    keep: options.keep ?? 2,
    warn: (line) => notes.push(line),
  });
  if (before && before.path !== folder.path) {
    const metrics = await readMetrics(before.metrics);
    await recorder.metrics(metrics.filter(({ step }) => step < fromStep));
  }
  yield { kind: "start", step: fromStep, folder: folder.path };
  for (const message of notes) yield { kind: "note", message };
  const warnings: string[] = [];
  for await (const event of train(trainer, source, options)) {
    if (event.kind === "metrics") await recorder.metrics(event.metrics);
    if (event.kind === "warning") warnings.push(event.warning.message);
    if (event.kind === "samples") {
      yield { ...event, path: await recorder.sample(event.step, event.pictures) };
    } else if (event.kind === "checkpoint") {
      yield { ...event, path: await recorder.checkpoint(event.step, event.checkpoint) };
    } else if (event.kind === "end") {
      const sessions = [...earlier, { ...session, ...event.time }];
      const done: RunConfig = { ...config, sessions };
      await writeRunConfig(folder, done);
      const finishing = finishRun(folder, done, { stepsDone: event.step, warnings });
      let progress = await finishing.next();
      for (; !progress.done; progress = await finishing.next()) {
        yield { kind: "finishing", ...progress.value };
      }
      const { written, damaged } = progress.value;
      for (const path of damaged) {
        yield { kind: "note", message: `${path} is damaged: the report leaves it out` };
      }
      yield { ...event, written };
    } else {
      yield event;
    }
  }
}

/** The trainer's settings as `--config` takes them. */
function settingsAsOptions({ settings }: Trainer): Record<string, unknown> {
  const { labels, beta1, beta2, lrD, ...rest } = settings;
  return {
    ...rest,
    // Those of the loss are left out, so that `--config` with another loss gets that one's.
    ...(isDeepStrictEqual(labels, LOSSES[settings.loss].labels)
      ? {}
      : { labels: [labels.real, labels.fake, labels.target] }),
    betas: [beta1, beta2],
    "lr-d": lrD,
  };
}
