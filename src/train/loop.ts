/**
 * The loop of a run: batches in; metrics, samples and checkpoints out, as events.
 *
 * @module
 */

import type { Pictures } from "../image/pictures.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { HealthWatch, type Warning } from "./health.ts";
import type { StepMetrics } from "./metrics.ts";
import { noiseOfSeed } from "./noise.ts";
import { ProgressMeter, type TrainingProgress, type TrainingTime } from "./progress.ts";
import { Trainer } from "./trainer.ts";

/** Where batches come from: `openDataset()`, or anything that hands out bytes. */
export interface BatchSource {
  /** Steps after which every photo has been seen once; left out, nobody is told of epochs. */
  readonly stepsPerEpoch?: number;
  /** The photos of a step as bytes [B, size, size, 3]; `release` is called once they are used. */
  batch(step: number): PhotoBatch | Promise<PhotoBatch>;
}

/** The photos of a step. */
export interface PhotoBatch {
  /** Their bytes, [B, size, size, 3]. */
  readonly pixels: Uint8Array;
  /** Hands them back. */
  release?(): void;
}

/** How {@linkcode train} goes about it; all but `steps` may be left out. */
export interface LoopOptions {
  /** Steps after which it ends, those before a resume included. */
  readonly steps: number;
  /** Pictures of each set of samples, from the same noise each time; default 64. */
  readonly samples?: number;
  /** Steps between samples; default a 24th of the steps. */
  readonly sampleEvery?: number;
  /**
   * Steps between checkpoints; default a quarter of the steps, at most 2000. The first comes after 20
   * seconds if it is not due before.
   */
  readonly checkpointEvery?: number;
  /** Ends training after the step at hand, with a last checkpoint. */
  readonly signal?: AbortSignal;
}

/** Something that happened in training. */
export type TrainEvent =
  /** Metrics of the steps since the last such event. */
  | {
    readonly kind: "metrics";
    readonly metrics: readonly StepMetrics[];
    readonly progress: TrainingProgress;
  }
  /** Samples of a step. */
  | { readonly kind: "samples"; readonly step: number; readonly pictures: Pictures }
  /** The state after a step. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly checkpoint: Checkpoint }
  /** Something is wrong. */
  | { readonly kind: "warning"; readonly step: number; readonly warning: Warning }
  /** The last event. */
  | { readonly kind: "end" } & TrainOutcome;

/** How a run ended. */
export interface TrainOutcome {
  /** Why: all steps done; the signal; or losses that are no numbers any more. */
  readonly ended: "done" | "aborted" | "not-a-number";
  /** The steps done. */
  readonly step: number;
  /** Where the time went. */
  readonly time: TrainingTime;
}

/** What {@linkcode LoopOptions} come to where they are left out. */
export function completeLoopOptions(options: LoopOptions): Required<Omit<LoopOptions, "signal">> {
  const { steps } = options;
  return {
    steps,
    samples: options.samples ?? 64,
    sampleEvery: options.sampleEvery ?? Math.max(1, Math.round(steps / 24)),
    checkpointEvery: options.checkpointEvery ??
      Math.max(1, Math.min(2000, Math.ceil(steps / 4))),
  };
}

/** Metrics are read about this often: each read waits for the GPU to catch up. */
const READ_MS = 400;

/** A run that is killed before its first checkpoint loses no more than this. */
const FIRST_CHECKPOINT_MS = 20_000;

/**
 * Trains until the steps are done, the signal says stop, or the numbers are none any more. Training
 * waits while an event is looked at; leaving the loop leaves the trainer as it is.
 *
 * @example Train, and look on
 * ```ts
 * import { openGpu, train, Trainer } from "@facadegan/facadegan";
 *
 * using gpu = await openGpu();
 * using trainer = Trainer.create(gpu, { size: 32, width: 4, batch: 2 });
 * const grey = new Uint8Array(2 * 32 * 32 * 3).fill(128);
 * const source = { batch: () => ({ pixels: grey }) };
 * for await (const event of train(trainer, source, { steps: 3, samples: 4 })) {
 *   if (event.kind === "metrics") console.log(event.metrics.at(-1));
 *   if (event.kind === "samples") console.log(event.pictures.grid().length, "bytes of PNG");
 * }
 * ```
 */
export async function* train(
  trainer: Trainer,
  source: BatchSource,
  options: LoopOptions,
): AsyncGenerator<TrainEvent, void, void> {
  const { signal } = options;
  const { steps, samples, sampleEvery, checkpointEvery } = completeLoopOptions(options);
  const { settings } = trainer;
  const health = new HealthWatch(settings, Math.max(100, Math.round(steps / 20)));
  const meter = new ProgressMeter({
    fromStep: trainer.stepsDone,
    steps,
    batch: settings.batch,
    stepsPerEpoch: source.stepsPerEpoch,
  });
  const { noise } = noiseOfSeed(samples, settings.nz, settings.seed);
  let spoilt = false;
  let lastCheckpoint = trainer.stepsDone;

  const warn = function* (warning: Warning | undefined): Generator<TrainEvent> {
    if (warning) yield { kind: "warning", step: trainer.stepsDone, warning };
  };
  const read = async function* (): AsyncGenerator<TrainEvent> {
    const metrics = await meter.waitForGpu(() => trainer.readMetrics());
    const warnings: (Warning | undefined)[] = [];
    for (const step of metrics) {
      meter.add(step);
      const warning = health.step(step);
      if (warning?.kind === "not-a-number") spoilt = true;
      warnings.push(warning);
    }
    yield { kind: "metrics", metrics, progress: meter.progress(trainer.stepsDone) };
    for (const warning of warnings) yield* warn(warning);
    // Ctrl-C and the workers' messages only arrive when the event loop turns.
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const sample = async function* (): AsyncGenerator<TrainEvent> {
    const step = trainer.stepsDone;
    const pictures = await meter.waitForGpu(() => trainer.generate(noise));
    yield { kind: "samples", step, pictures };
    yield* warn(health.samples(step, pictures.data, samples));
  };
  const checkpoint = async function* (): AsyncGenerator<TrainEvent> {
    lastCheckpoint = trainer.stepsDone;
    yield { kind: "checkpoint", step: lastCheckpoint, checkpoint: await trainer.snapshot() };
  };

  if (trainer.stepsDone === 0) yield* sample();
  const begun = performance.now();
  let saved = trainer.stepsDone > 0;
  let [stepsSinceRead, readAt] = [0, begun];
  let readEvery = 1;
  while (trainer.stepsDone < steps && !spoilt && !signal?.aborted) {
    const batch = await meter.waitForPhotos(() => source.batch(trainer.stepsDone));
    // A software adapter computes while it is handed the work.
    await meter.waitForGpu(() => trainer.step(batch.pixels));
    batch.release?.();
    stepsSinceRead++;
    const { stepsDone } = trainer;
    const isSample = stepsDone % sampleEvery === 0 || stepsDone === steps;
    const isCheckpoint = stepsDone % checkpointEvery === 0 || stepsDone === steps;
    if (stepsSinceRead < readEvery && !isSample && !isCheckpoint) continue;
    yield* read();
    const perStep = (performance.now() - readAt) / stepsSinceRead;
    readEvery = Math.max(1, Math.min(Trainer.METRICS_RING, Math.round(READ_MS / perStep)));
    if (spoilt) break;
    if (isSample) yield* sample();
    if (isCheckpoint || (!saved && performance.now() - begun > FIRST_CHECKPOINT_MS)) {
      yield* checkpoint();
      saved = true;
    }
    [stepsSinceRead, readAt] = [0, performance.now()];
  }
  if (stepsSinceRead > 0 && !spoilt) yield* read();
  const aborted = trainer.stepsDone < steps && !spoilt;
  if (!spoilt && (lastCheckpoint < trainer.stepsDone || steps === 0)) yield* checkpoint();
  yield {
    kind: "end",
    ended: spoilt ? "not-a-number" : aborted ? "aborted" : "done",
    step: trainer.stepsDone,
    time: meter.time(trainer.stepsDone),
  };
}
