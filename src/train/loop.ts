/**
 * The loop of a run: batches in; metrics, samples and checkpoints out, as events.
 *
 * @module
 */

import { DeviceLostError } from "../gpu/device.ts";
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
  /** Steps between pictures to be judged, which the last step leaves too; default none. */
  readonly judgeEvery?: number;
  /** Ends training after the step at hand, with a last checkpoint. */
  readonly signal?: AbortSignal;
  /**
   * What to do once losses or weights are NaN or infinite. `stop`, the default, ends training; `rollback`
   * returns to the last checkpoint and draws other noise from there on, three times in a run at most.
   */
  readonly onNan?: OnNan;
  /**
   * Opens a fresh device and resumes the run there, with the settings of the checkpoint: called when the
   * device is lost, which otherwise ends training with an error. A second loss before the next checkpoint
   * ends it all the same. The new trainer is the caller's to destroy.
   */
  readonly reopen?: (checkpoint: Checkpoint) => Promise<Trainer>;
}

/** The choices of {@linkcode LoopOptions.onNan}. */
export const ON_NAN: readonly ["stop", "rollback"] = ["stop", "rollback"];

/** One of them. */
export type OnNan = "stop" | "rollback";

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
  /**
   * {@linkcode JUDGED_PICTURES} pictures to be judged, from noise that neither seed nor step changes;
   * `snapshot` gives the state that drew them.
   */
  | {
    readonly kind: "judge";
    readonly step: number;
    readonly pictures: Pictures;
    snapshot(): Promise<Checkpoint>;
  }
  /** The state after a step. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly checkpoint: Checkpoint }
  /** Something is wrong. */
  | { readonly kind: "warning"; readonly step: number; readonly warning: Warning }
  /** Training went back from a step to that of an earlier state; what came of the steps between is void. */
  | {
    readonly kind: "back";
    readonly why: "not-a-number" | "device-lost";
    readonly step: number;
    readonly to: number;
    readonly message: string;
  }
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
export function completeLoopOptions(
  options: LoopOptions,
): Required<Omit<LoopOptions, "signal" | "reopen" | "judgeEvery">> {
  const { steps } = options;
  return {
    steps,
    samples: options.samples ?? 64,
    sampleEvery: options.sampleEvery ?? Math.max(1, Math.round(steps / 24)),
    checkpointEvery: options.checkpointEvery ??
      Math.max(1, Math.min(2000, Math.ceil(steps / 4))),
    onNan: options.onNan ?? "stop",
  };
}

/** Pictures that are judged at a time: with four times as many a distance changes by a hundredth. */
export const JUDGED_PICTURES = 256;

/** The seed of their noise: that of `evaluate`. */
const JUDGED_SEED = 1;

/** Metrics are read about this often: each read waits for the GPU to catch up. */
const READ_MS = 400;

/** Times that a run is rolled back. */
const ROLLBACKS = 3;

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
  yield* new TrainingLoop(trainer, source, options).run();
}

/** A run under way. */
class TrainingLoop {
  /** Another one once a device was lost. */
  #trainer: Trainer;
  readonly #source: BatchSource;
  readonly #options: LoopOptions & ReturnType<typeof completeLoopOptions>;
  readonly #meter: ProgressMeter;
  readonly #noise: Float32Array;
  #health: HealthWatch;
  /** The state to go back to, where it is known that somebody may want to. */
  #good: Checkpoint | undefined;
  #spoilt = false;
  #saved: boolean;
  #lastCheckpoint: number;
  /** Where the last loss of a device led back to. */
  #lostBackTo = -1;

  constructor(trainer: Trainer, source: BatchSource, options: LoopOptions) {
    this.#trainer = trainer;
    this.#source = source;
    this.#options = { ...options, ...completeLoopOptions(options) };
    const { steps, samples } = this.#options;
    const { settings, stepsDone } = trainer;
    this.#meter = new ProgressMeter({
      fromStep: stepsDone,
      steps,
      batch: settings.batch,
      stepsPerEpoch: source.stepsPerEpoch,
    });
    this.#noise = noiseOfSeed(samples, settings.nz, settings.seed).noise;
    this.#health = this.#newHealth();
    this.#saved = stepsDone > 0;
    this.#lastCheckpoint = stepsDone;
  }

  async *run(): AsyncGenerator<TrainEvent, void, void> {
    const { steps, onNan, reopen } = this.#options;
    if (onNan === "rollback" || reopen) this.#good = await this.#trainer.snapshot();
    for (;;) {
      try {
        yield* this.#steps();
        if (!this.#spoilt || !this.#mayRollBack()) break;
        yield this.#rollBack();
      } catch (error) {
        yield await this.#fromFreshDevice(error);
      }
    }
    const { stepsDone } = this.#trainer;
    const aborted = stepsDone < steps && !this.#spoilt;
    yield {
      kind: "end",
      ended: this.#spoilt ? "not-a-number" : aborted ? "aborted" : "done",
      step: stepsDone,
      time: this.#meter.time(stepsDone),
    };
  }

  /** All steps from where the trainer is, with what comes before the first and after the last. */
  async *#steps(): AsyncGenerator<TrainEvent> {
    const { steps, sampleEvery, checkpointEvery, judgeEvery, signal } = this.#options;
    const trainer = this.#trainer;
    if (trainer.stepsDone === 0) yield* this.#sample();
    const begun = performance.now();
    let [stepsSinceRead, readAt] = [0, begun];
    let readEvery = 1;
    while (trainer.stepsDone < steps && !signal?.aborted) {
      await this.#step();
      stepsSinceRead++;
      const { stepsDone } = trainer;
      const isSample = stepsDone % sampleEvery === 0 || stepsDone === steps;
      const isCheckpoint = stepsDone % checkpointEvery === 0 || stepsDone === steps;
      const isJudged = judgeEvery !== undefined &&
        (stepsDone % judgeEvery === 0 || stepsDone === steps);
      if (stepsSinceRead < readEvery && !isSample && !isCheckpoint && !isJudged) continue;
      yield* this.#read();
      if (this.#spoilt) return;
      const perStep = (performance.now() - readAt) / stepsSinceRead;
      readEvery = Math.max(1, Math.min(Trainer.METRICS_RING, Math.round(READ_MS / perStep)));
      if (isSample) yield* this.#sample();
      if (isJudged) yield await this.#judge();
      if (isCheckpoint || (!this.#saved && performance.now() - begun > FIRST_CHECKPOINT_MS)) {
        yield* this.#checkpoint();
      }
      [stepsSinceRead, readAt] = [0, performance.now()];
    }
    if (stepsSinceRead > 0) yield* this.#read();
    if (this.#spoilt) return;
    if (this.#lastCheckpoint < trainer.stepsDone || steps === 0) yield* this.#checkpoint();
  }

  async #step(): Promise<void> {
    const trainer = this.#trainer;
    const batch = await this.#meter.waitForPhotos(() => this.#source.batch(trainer.stepsDone));
    try {
      // A software adapter computes while it is handed the work.
      await this.#meter.waitForGpu(() => trainer.step(batch.pixels));
    } finally {
      batch.release?.();
    }
  }

  async *#read(): AsyncGenerator<TrainEvent> {
    const trainer = this.#trainer;
    const metrics = await this.#meter.waitForGpu(() => trainer.readMetrics());
    const warnings: Warning[] = [];
    const warn = (warning: Warning | undefined): void => {
      if (warning) warnings.push(warning);
    };
    for (const step of metrics) {
      this.#meter.add(step);
      warn(this.#health.step(step));
    }
    if (!trainer.weightsFinite) warn(this.#health.weights(trainer.stepsDone));
    this.#spoilt = warnings.some(({ kind }) => kind === "not-a-number");
    yield { kind: "metrics", metrics, progress: this.#meter.progress(trainer.stepsDone) };
    const step = trainer.stepsDone;
    for (const warning of warnings) yield { kind: "warning", step, warning };
    // Ctrl-C and the workers' messages only arrive when the event loop turns.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  async *#sample(): AsyncGenerator<TrainEvent> {
    const trainer = this.#trainer;
    const step = trainer.stepsDone;
    const pictures = await this.#meter.waitForGpu(() => trainer.generate(this.#noise));
    yield { kind: "samples", step, pictures };
    const warning = this.#health.samples(step, pictures.data, this.#options.samples);
    if (warning) yield { kind: "warning", step, warning };
  }

  async #judge(): Promise<TrainEvent> {
    const trainer = this.#trainer;
    const { noise } = noiseOfSeed(JUDGED_PICTURES, trainer.settings.nz, JUDGED_SEED);
    const pictures = await this.#meter.waitForGpu(() => trainer.generate(noise));
    return {
      kind: "judge",
      step: trainer.stepsDone,
      pictures,
      snapshot: () => trainer.snapshot(),
    };
  }

  async *#checkpoint(): AsyncGenerator<TrainEvent> {
    const checkpoint = await this.#trainer.snapshot();
    if (this.#good) this.#good = checkpoint;
    this.#lastCheckpoint = checkpoint.stepsDone;
    this.#saved = true;
    yield { kind: "checkpoint", step: checkpoint.stepsDone, checkpoint };
  }

  #mayRollBack(): boolean {
    return this.#options.onNan === "rollback" && this.#good !== undefined &&
      this.#trainer.redraws < ROLLBACKS;
  }

  #rollBack(): TrainEvent {
    const [trainer, good] = [this.#trainer, this.#good!];
    const step = trainer.stepsDone;
    trainer.rollBack(good);
    this.#wentBack(good.stepsDone);
    const { redraws } = trainer;
    return {
      kind: "back",
      why: "not-a-number",
      step,
      to: good.stepsDone,
      message: `At step ${step} the numbers were none any more: back to step ${good.stepsDone}, ` +
        `with other noise from there on (${redraws} of at most ${ROLLBACKS} times)`,
    };
  }

  /** Goes on from the last good state, where the error is a lost device and there is a way. */
  async #fromFreshDevice(error: unknown): Promise<TrainEvent> {
    const [{ reopen }, good, step] = [this.#options, this.#good, this.#trainer.stepsDone];
    // Without a checkpoint since the last loss it would go on like that for ever.
    if (
      !(error instanceof DeviceLostError) || !reopen || !good || good.stepsDone <= this.#lostBackTo
    ) throw error;
    const { redraws } = this.#trainer;
    this.#trainer = await reopen({ ...good, redraws });
    this.#lostBackTo = good.stepsDone;
    this.#wentBack(good.stepsDone);
    return {
      kind: "back",
      why: "device-lost",
      step,
      to: good.stepsDone,
      message: `At step ${step} the GPU's device was lost: training goes on from step ` +
        `${good.stepsDone} on a fresh one`,
    };
  }

  #wentBack(to: number): void {
    this.#spoilt = false;
    this.#lastCheckpoint = to;
    this.#health = this.#newHealth();
    this.#meter.back(to);
  }

  #newHealth(): HealthWatch {
    const { settings } = this.#trainer;
    return new HealthWatch(settings, Math.max(100, Math.round(this.#options.steps / 20)));
  }
}
