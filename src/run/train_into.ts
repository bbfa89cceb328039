/**
 * Training into a run folder.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { kernelChoices } from "../host/open_gpu.ts";
import { VERSIONS } from "../host/versions.ts";
import type { Judgement } from "../judge/judge.ts";
import type { PictureSet } from "../quality/picture_set.ts";
import { type BatchSource, completeLoopOptions, type LoopOptions, train } from "../train/loop.ts";
import type { TrainEvent } from "../train/loop.ts";
import type { Trainer } from "../train/trainer.ts";
import { type FinishProgress, finishRun } from "./finish.ts";
import { RunClaim } from "./claim.ts";
import { RunFolder } from "./folder.ts";
import { readMetrics } from "./metrics_log.ts";
import { RunRecorder } from "./recorder.ts";
import type { Evaluation } from "./evaluations.ts";
import { photoChange, photoListDigest, photoListText } from "./photo_list.ts";
import { changedOptions, settingsAsOptions } from "./run_options.ts";
import { readRunConfig, type RunConfig, type Session, writeRunConfig } from "./run_config.ts";

/** Whatever judges samples: a `Judge`. */
export interface SampleJudge {
  /** What is found of them. */
  judge(samples: PictureSet): Promise<{ readonly judgement: Judgement }>;
}

/** How {@linkcode trainInto} goes about it; all but `steps` may be left out. */
export interface TrainIntoOptions extends Omit<LoopOptions, "judgeEvery"> {
  /**
   * What the folder is to say of the photos; with the `listing` of a dataset a resume notices when they
   * are others.
   */
  readonly photos?: {
    readonly source: readonly string[] | string;
    readonly count: number;
    readonly list?: readonly string[];
  };
  /** Go on with a run though its photos are others; default false. */
  readonly allowChanges?: boolean;
  /**
   * Judges samples as often as `every` says and at the end, and keeps the state whose samples were nearest
   * to photos beside the newest.
   */
  readonly evaluate?: { readonly every: number; readonly judge: SampleJudge };
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
  /** Samples were judged; `best`: the path of their state, where none were nearer to photos before. */
  | { readonly kind: "evaluation"; readonly evaluation: Evaluation; readonly best?: string }
  | Exclude<TrainEvent, { readonly kind: "samples" | "judge" | "checkpoint" | "end" }>
  | Extract<TrainEvent, { readonly kind: "samples" | "checkpoint" }> & { readonly path: string }
  | Extract<TrainEvent, { readonly kind: "end" }> & { readonly written: readonly string[] };

/**
 * {@linkcode train}, leaving a run folder: settings, metrics, samples and checkpoints as they come;
 * curves, animation and report at the end. A trainer that was resumed goes on in the folder of its run,
 * or starts a folder at its step. Nobody else may write to the folder meanwhile; a claim that was
 * taken before is left to whoever took it.
 *
 * @throws {UserError} If a fresh trainer is to write into a folder that holds a run, another process
 * writes to it, the photos of a run that is gone on with are others, or the disk is full.
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
  let session: Session = { time: new Date().toISOString(), fromStep };
  const old = before && await readRunConfig(before);
  const earlier = old?.sessions ?? [];
  const { settings, gpu } = trainer;
  const { sampleEvery, checkpointEvery, steps, onNan } = completeLoopOptions(options);
  const config: RunConfig = {
    options: {
      ...settingsAsOptions(settings),
      ...options.commandLine,
      steps,
      "sample-every": sampleEvery,
      "checkpoint-every": checkpointEvery,
      "on-nan": onNan,
    },
    train: settings,
    photos: photosInConfig(options),
    versions: VERSIONS,
    adapter: gpu.summary,
    kernels: kernelChoices(gpu, settings),
    sessions: [...earlier, session],
  };
  await trainer.ready(); // before anything is written
  const notes: string[] = [];
  if (before && old) {
    if (options.photos) notes.push(...await changedPhotos(before, old, options.photos, options));
    const changes = changedOptions(old, config);
    if (changes) notes.push(`From step ${fromStep} on the run goes on with ${changes}`);
  }
  const recorder = await RunRecorder.open(folder, config, {
    step: fromStep,
    tensorboard: options.tensorboard ?? true,
    keep: options.keep ?? 2,
    warn: (line) => notes.push(line),
  });
  const list = options.photos?.list;
  if (list) await writeFileAtomic(folder.photos, photoListText(list));
  if (before && before.path !== folder.path) {
    const metrics = await readMetrics(before.metrics);
    await recorder.metrics(metrics.filter(({ step }) => step < fromStep));
  }
  yield { kind: "start", step: fromStep, folder: folder.path };
  for (const message of notes) yield { kind: "note", message };
  const warnings: string[] = [];
  const judgeEvery = options.evaluate?.every;
  const loop = { ...options, ...(judgeEvery === undefined ? {} : { judgeEvery }) };
  for await (const event of train(trainer, source, loop)) {
    if (event.kind === "metrics") await recorder.metrics(event.metrics);
    if (event.kind === "warning") warnings.push(event.warning.message);
    if (event.kind === "back") {
      warnings.push(event.message);
      await recorder.rewind(event.to);
      const count = event.why === "not-a-number" ? "rollbacks" : "devicesLost";
      session = { ...session, [count]: (session[count] ?? 0) + 1 };
      await writeRunConfig(folder, { ...config, sessions: [...earlier, session] });
    }
    if (event.kind === "samples") {
      yield { ...event, path: await recorder.sample(event.step, event.pictures) };
    } else if (event.kind === "judge") {
      const { step, pictures, snapshot } = event;
      const { judgement } = await options.evaluate!.judge.judge({
        size: pictures.size,
        count: pictures.count,
        data: pictures.toPixels(),
      });
      const evaluation = { step, ...judgement };
      const best = await recorder.evaluation(evaluation, snapshot);
      yield { kind: "evaluation", evaluation, ...(best === undefined ? {} : { best }) };
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

function photosInConfig({ photos }: TrainIntoOptions): RunConfig["photos"] {
  if (!photos) return { source: "a program", count: 0 };
  const { source, count, list } = photos;
  return { source, count, ...(list ? { digest: photoListDigest(list) } : {}) };
}

/** A line on photos that are not those of the run; refused where that was not asked for. */
async function changedPhotos(
  run: RunFolder,
  config: RunConfig,
  photos: NonNullable<TrainIntoOptions["photos"]>,
  { allowChanges }: TrainIntoOptions,
): Promise<string[]> {
  const change = await photoChange(run, config, photos);
  if (change === undefined) return [];
  const line = `the photos are not those that ${run.path} was trained on: ${change}`;
  if (allowChanges) return [line];
  throw new UserError(`${line}; give \`allowChanges\` to go on with these`);
}
