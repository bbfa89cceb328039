/**
 * The loop of a run: batches in, metrics, samples and checkpoints out.
 *
 * @module
 */

import type { Dataset } from "../../data/mod.ts";
import { fillNormal, Purpose } from "../../random.ts";
import { HealthWatch } from "../../train/health.ts";
import type { RunRecorder } from "../../run/recorder.ts";
import { Smoother } from "../../train/smooth.ts";
import type { StepMetrics } from "../../train/metrics.ts";
import { Trainer } from "../../train/trainer.ts";
import type { Reporter, TrainingProgress } from "../progress/reporter.ts";

/** What the loop works with. */
export interface TrainLoop {
  /** The networks. */
  readonly trainer: Trainer;
  /** The photos. */
  readonly photos: Dataset;
  /** Where everything goes. */
  readonly recorder: RunRecorder;
  /** Who is told. */
  readonly reporter: Reporter;
  /** Steps after which it ends, those before a resume included. */
  readonly steps: number;
  /** Pictures of a sample grid. */
  readonly samples: number;
  /** Steps between sample grids. */
  readonly sampleEvery: number;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
  /** Asked after every step. */
  readonly stopRequested: () => boolean;
}

/** How the loop ended. */
export interface TrainOutcome {
  /** Why. */
  readonly ended: "done" | "interrupted" | "not-a-number";
  /** What was warned of. */
  readonly warnings: readonly string[];
  /** Where the time went. */
  readonly timing: {
    readonly toStep: number;
    readonly seconds: number;
    readonly waitedForPhotos: number;
    readonly waitedForGpu: number;
  };
}

/** Metrics are read about this often: each read waits for the GPU to catch up. */
const READ_MS = 400;

/** Trains until the steps are done, someone asks to stop, or the numbers are none any more. */
export async function trainLoop(loop: TrainLoop): Promise<TrainOutcome> {
  const { trainer, photos, recorder, reporter, steps } = loop;
  const warnings: string[] = [];
  const warn = (warning: { readonly message: string } | undefined): void => {
    if (!warning) return;
    warnings.push(warning.message);
    reporter.warning(warning.message);
  };
  const health = new HealthWatch(trainer.settings, Math.max(100, Math.round(steps / 20)));
  const meter = new Meter(loop);
  const noise = sampleNoise(loop);
  let spoilt = false;
  let lastCheckpoint = trainer.stepsDone;

  const read = async (): Promise<void> => {
    const metrics = await meter.waitForGpu(() => trainer.readMetrics());
    await recorder.metrics(metrics);
    for (const step of metrics) {
      meter.add(step);
      const warning = health.step(step);
      if (warning?.kind === "not-a-number") spoilt = true;
      warn(warning);
    }
    reporter.training(meter.progress());
    // Ctrl-C and the workers' messages only arrive when the event loop turns.
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const sample = async (): Promise<void> => {
    const step = trainer.stepsDone;
    const images = await meter.waitForGpu(() => trainer.generate(noise));
    const path = await recorder.sample(step, images);
    warn(health.samples(step, images, loop.samples));
    reporter.event("sample", `samples of step ${step}: ${path}`, { step, path });
  };
  const checkpoint = async (): Promise<void> => {
    const step = trainer.stepsDone;
    const path = await recorder.checkpoint(step, await trainer.snapshot());
    lastCheckpoint = step;
    reporter.event("checkpoint", `checkpoint of step ${step}: ${path}`, { step, path });
  };

  if (trainer.stepsDone === 0) await sample();
  let [stepsSinceRead, readAt] = [0, performance.now()];
  let readEvery = 1;
  while (trainer.stepsDone < steps && !spoilt && !loop.stopRequested()) {
    const batch = await meter.waitForPhotos(() => photos.batch(trainer.stepsDone));
    // A software adapter computes while it is handed the work.
    await meter.waitForGpu(() => trainer.step(batch.pixels));
    batch.release();
    stepsSinceRead++;
    const { stepsDone } = trainer;
    const isSample = stepsDone % loop.sampleEvery === 0 || stepsDone === steps;
    const isCheckpoint = stepsDone % loop.checkpointEvery === 0 || stepsDone === steps;
    if (stepsSinceRead < readEvery && !isSample && !isCheckpoint) continue;
    await read();
    const perStep = (performance.now() - readAt) / stepsSinceRead;
    readEvery = Math.max(1, Math.min(Trainer.METRICS_RING, Math.round(READ_MS / perStep)));
    if (spoilt) break;
    if (isSample) await sample();
    if (isCheckpoint) await checkpoint();
    [stepsSinceRead, readAt] = [0, performance.now()];
  }
  if (stepsSinceRead > 0 && !spoilt) await read();
  const interrupted = trainer.stepsDone < steps && !spoilt;
  if (!spoilt && (lastCheckpoint < trainer.stepsDone || steps === 0)) await checkpoint();
  return {
    ended: spoilt ? "not-a-number" : interrupted ? "interrupted" : "done",
    warnings,
    timing: meter.timing(),
  };
}

/** The noise of the fixed samples: picture i is that of `generate --seed` and i. */
function sampleNoise({ trainer, samples }: TrainLoop): Float32Array<ArrayBuffer> {
  const { nz, seed } = trainer.settings;
  const noise = new Float32Array(samples * nz);
  for (let i = 0; i < samples; i++) {
    fillNormal(noise.subarray(i * nz, (i + 1) * nz), seed, Purpose.Samples, i);
  }
  return noise;
}

type MetricName = Exclude<keyof StepMetrics, "step">;

/** Measures where the time goes and smooths the metrics. */
class Meter {
  readonly #loop: TrainLoop;
  readonly #startStep: number;
  readonly #start = performance.now();
  readonly #rate = new Smoother(8);
  readonly #smoothed: Readonly<Record<MetricName, Smoother>> = {
    errD: new Smoother(20),
    errG: new Smoother(20),
    D_x: new Smoother(20),
    D_G_z1: new Smoother(20),
    D_G_z2: new Smoother(20),
  };
  #last: { step: number; time: number };
  #photoMs = 0;
  #gpuMs = 0;

  constructor(loop: TrainLoop) {
    this.#loop = loop;
    this.#startStep = loop.trainer.stepsDone;
    this.#last = { step: this.#startStep, time: this.#start };
  }

  async waitForPhotos<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#photoMs += performance.now() - start;
    return result;
  }

  async waitForGpu<T>(work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#gpuMs += performance.now() - start;
    return result;
  }

  add(metrics: StepMetrics): void {
    for (const [name, smoother] of Object.entries(this.#smoothed)) {
      smoother.add(metrics[name as MetricName]);
    }
  }

  progress(): TrainingProgress {
    const { trainer, photos, steps } = this.#loop;
    const now = performance.now();
    const step = trainer.stepsDone;
    const passed = step - this.#last.step;
    if (passed > 0) {
      // Averaged as seconds a step: a slow stretch must weigh as long as it lasts.
      // The first step also compiles, so it says nothing of the others.
      if (this.#last.step > this.#startStep) {
        this.#rate.add((now - this.#last.time) / 1000 / passed);
      }
      this.#last = { step, time: now };
    }
    const secondsPerStep = this.#rate.value;
    const elapsed = now - this.#start;
    const { errD, errG, D_x, D_G_z1, D_G_z2 } = this.#smoothed;
    return {
      step,
      steps,
      epoch: step / photos.stepsPerEpoch,
      stepsPerSecond: 1 / secondsPerStep,
      imagesPerSecond: trainer.settings.batch / secondsPerStep,
      secondsLeft: (steps - step) * secondsPerStep,
      metrics: {
        errD: errD.value,
        errG: errG.value,
        D_x: D_x.value,
        D_G_z1: D_G_z1.value,
        D_G_z2: D_G_z2.value,
      },
      waitingForPhotos: this.#photoMs / elapsed,
      waitingForGpu: this.#gpuMs / elapsed,
    };
  }

  timing(): TrainOutcome["timing"] {
    return {
      toStep: this.#loop.trainer.stepsDone,
      seconds: (performance.now() - this.#start) / 1000,
      waitedForPhotos: this.#photoMs / 1000,
      waitedForGpu: this.#gpuMs / 1000,
    };
  }
}
