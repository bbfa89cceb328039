/**
 * A loss kernel by itself: scores in; loss and gradients out. For looking at losses apart from a
 * training.
 *
 * @module
 */

import { makeBuffer, readBack, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program, run } from "../gpu/program.ts";
import type { LossName, LossRole } from "./loss_table.ts";
import { recordLoss } from "./losses.ts";
import { StepUniform } from "./step_uniform.ts";

/** What a batch of scores gives. */
export interface ProbedLoss {
  /** The mean loss. */
  readonly loss: number;
  /** The derivative of the mean loss with respect to each score, [B]. */
  readonly gradients: Float32Array;
}

/** One loss, role, label and batch size, recorded once. */
export class LossProbe {
  readonly #gpu: Gpu;
  readonly #program: Program;
  readonly #uniform: StepUniform;
  readonly #scores: Slice;
  readonly #gradients: Slice;
  readonly #metrics: Slice;
  readonly #batch: number;

  /** Records the kernel. */
  constructor(
    gpu: Gpu,
    { loss, role, label, batch }: {
      readonly loss: LossName;
      readonly role: LossRole;
      readonly label: number;
      readonly batch: number;
    },
  ) {
    this.#gpu = gpu;
    this.#batch = batch;
    this.#uniform = new StepUniform(gpu);
    this.#scores = makeBuffer(gpu, "probed scores", batch);
    this.#gradients = makeBuffer(gpu, "probed gradients", batch);
    this.#metrics = makeBuffer(gpu, "probed metrics", 8);
    this.#program = new Program(gpu);
    this.#uniform.write({ seed: 0, step: 0, stepSize: 0, invSqrtBias2: 1, ema: 0 });
    recordLoss(
      this.#program,
      { loss, role, batch, label, lossAt: 0, scoreAt: 1 },
      this.#uniform,
      this.#scores,
      this.#gradients,
      this.#metrics,
    );
  }

  /** The loss of scores [B]; one read-back. */
  async probe(scores: Float32Array): Promise<ProbedLoss> {
    upload(this.#gpu, this.#scores, scores);
    run(this.#gpu, this.#program);
    const [gradients, metrics] = await readBack(this.#gpu, [this.#gradients, this.#metrics]);
    return { loss: metrics[0], gradients: gradients.slice(0, this.#batch) };
  }

  /** Frees the buffers. */
  destroy(): void {
    for (const { buffer } of [this.#uniform.slice, this.#scores, this.#gradients, this.#metrics]) {
      buffer.destroy();
    }
  }
}
