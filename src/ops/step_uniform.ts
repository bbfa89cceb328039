/**
 * The few numbers that change from step to step: one small uniform buffer, written before each
 * submit, so that everything else of a step is recorded once.
 *
 * @module
 */

import { makeBuffer, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";

/** Steps whose metrics the GPU keeps; they must be read before they are overwritten. */
export const METRICS_RING = 256;

/** What a step's kernels read of {@linkcode StepUniform}. */
export interface StepValues {
  /** The run's seed. */
  readonly seed: number;
  /** The step's number, from 0. */
  readonly step: number;
  /** Adam's lr / (1 - beta1^t), t = step + 1. */
  readonly stepSize: number;
  /** Adam's 1 / sqrt(1 - beta2^t). */
  readonly invSqrtBias2: number;
  /** Decay of the generator's moving average at this step. */
  readonly ema: number;
}

/** The uniform buffer `Step` of the shaders. */
export class StepUniform {
  /** What kernels are bound to. */
  readonly slice: Slice;
  readonly #gpu: Gpu;
  readonly #bytes = new ArrayBuffer(32);
  readonly #words = new Uint32Array(this.#bytes);
  readonly #floats = new Float32Array(this.#bytes);

  /** Makes the buffer. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.slice = makeBuffer(gpu, "step", 8);
  }

  /** Sets the numbers for the next submit. */
  write(values: StepValues): void {
    this.#words[0] = values.seed;
    this.#words[1] = values.step;
    this.#words[2] = values.step % METRICS_RING;
    this.#floats[4] = values.stepSize;
    this.#floats[5] = values.invSqrtBias2;
    this.#floats[6] = values.ema;
    upload(this.#gpu, this.slice, this.#words);
  }
}
