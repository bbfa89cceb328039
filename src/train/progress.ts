/**
 * How fast a run goes, what it waits for, and its metrics smoothed.
 *
 * @module
 */

import type { StepMetrics } from "./metrics.ts";
import { Smoother } from "./smooth.ts";

/** How far training has come. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  /** Steps to do in all. */
  readonly steps: number;
  /** How often every photo has been seen; NaN where the source does not tell. */
  readonly epoch: number;
  /** Steps a second, lately. */
  readonly stepsPerSecond: number;
  /** Photos a second, lately. */
  readonly imagesPerSecond: number;
  /** Estimated seconds that are left; Infinity before there is a rate. */
  readonly secondsLeft: number;
  /** The five metrics, smoothed. */
  readonly metrics: Omit<StepMetrics, "step">;
  /** Share of the time in which the GPU had no photos to work on. */
  readonly waitingForPhotos: number;
  /** Share of the time in which the program had only the GPU to wait for. */
  readonly waitingForGpu: number;
}

/** Where the time went. */
export interface TrainingTime {
  /** The steps done at the end. */
  readonly toStep: number;
  /** Seconds of training. */
  readonly seconds: number;
  /** Of these, seconds in which the GPU had no photos to work on. */
  readonly waitedForPhotos: number;
  /** Of these, seconds in which the program had nothing to do but wait for the GPU. */
  readonly waitedForGpu: number;
}

/** What a {@linkcode ProgressMeter} must know of a run. */
export interface MeteredRun {
  /** Steps done before. */
  readonly fromStep: number;
  /** Steps to do in all. */
  readonly steps: number;
  /** Photos a step. */
  readonly batch: number;
  /** Steps an epoch; undefined where unknown. */
  readonly stepsPerEpoch: number | undefined;
}

type MetricName = Exclude<keyof StepMetrics, "step">;

/** Measures a run. */
export class ProgressMeter {
  readonly #run: MeteredRun;
  readonly #start: number = performance.now();
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

  /** Starts the clock. */
  constructor(run: MeteredRun) {
    this.#run = run;
    this.#last = { step: run.fromStep, time: this.#start };
  }

  /** Does what the GPU has to wait for. */
  async waitForPhotos<T>(work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#photoMs += performance.now() - start;
    return result;
  }

  /** Does what keeps the GPU busy. */
  async waitForGpu<T>(work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#gpuMs += performance.now() - start;
    return result;
  }

  /** Takes the metrics of a step. */
  add(metrics: StepMetrics): void {
    for (const [name, smoother] of Object.entries(this.#smoothed)) {
      smoother.add(metrics[name as MetricName]);
    }
  }

  /** Training has gone back to a step. */
  back(step: number): void {
    this.#last = { step, time: performance.now() };
  }

  /** How far it has come at a step. */
  progress(step: number): TrainingProgress {
    const { fromStep, steps, batch, stepsPerEpoch = NaN } = this.#run;
    const now = performance.now();
    const passed = step - this.#last.step;
    if (passed > 0) {
      // Averaged as seconds a step: a slow stretch must weigh as long as it lasts.
      // The first step also compiles, so it says nothing of the others.
      if (this.#last.step > fromStep) this.#rate.add((now - this.#last.time) / 1000 / passed);
      this.#last = { step, time: now };
    }
    const secondsPerStep = this.#rate.value;
    const elapsed = now - this.#start;
    const { errD, errG, D_x, D_G_z1, D_G_z2 } = this.#smoothed;
    return {
      step,
      steps,
      epoch: step / stepsPerEpoch,
      stepsPerSecond: 1 / secondsPerStep,
      imagesPerSecond: batch / secondsPerStep,
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

  /** Where the time has gone up to a step. */
  time(step: number): TrainingTime {
    return {
      toStep: step,
      seconds: (performance.now() - this.#start) / 1000,
      waitedForPhotos: this.#photoMs / 1000,
      waitedForGpu: this.#gpuMs / 1000,
    };
  }
}
