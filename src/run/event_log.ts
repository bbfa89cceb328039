/**
 * A run's TensorBoard event file.
 *
 * @module
 */

import { join } from "node:path";
import { explainWriteError } from "../files/atomic.ts";
import type { RgbImage } from "../image/image.ts";
import { encodeEvent, encodeFileVersion, type TensorBoardEvent } from "../format/tensorboard.ts";
import type { StepMetrics } from "../train/metrics.ts";
import type { Evaluation } from "./evaluations.ts";

/** Adds scalars and sample grids to an event file; a resumed run starts another one. */
export class EventLog {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Starts a file in a folder; TensorBoard reads all files of a folder as one run. */
  static async create(folder: string): Promise<EventLog> {
    const seconds = Date.now() / 1000;
    // TensorBoard sorts by this name: ten digits of time, then whatever tells writers apart.
    const name = `events.out.tfevents.${Math.floor(seconds)}.facadegan.${Deno.pid}`;
    const log = new EventLog(join(folder, name));
    await Deno.mkdir(folder, { recursive: true }).catch((error) => {
      throw explainWriteError(folder, error);
    });
    await log.#append(encodeFileVersion(seconds));
    return log;
  }

  /** Adds the metrics of some steps as scalars. */
  async metrics(metrics: readonly StepMetrics[]): Promise<void> {
    const wallTime = Date.now() / 1000;
    const records = metrics.map(({ step, errD, errG, D_x, D_G_z1, D_G_z2 }) =>
      encodeEvent({
        wallTime,
        step,
        scalars: [
          { tag: "loss/discriminator", value: errD },
          { tag: "loss/generator", value: errG },
          { tag: "score/photos", value: D_x },
          { tag: "score/pictures_before_update", value: D_G_z1 },
          { tag: "score/pictures_after_update", value: D_G_z2 },
        ],
      })
    );
    await this.#append(...records);
  }

  /** Adds a sample grid. */
  async sample(step: number, { width, height }: RgbImage, png: Uint8Array): Promise<void> {
    const event: TensorBoardEvent = {
      wallTime: Date.now() / 1000,
      step,
      images: [{ tag: "samples", width, height, png }],
    };
    await this.#append(encodeEvent(event));
  }

  /** Adds what a step's samples were judged. */
  async evaluation({ step, swd, floor, ms_ssim, memorised }: Evaluation): Promise<void> {
    await this.#append(encodeEvent({
      wallTime: Date.now() / 1000,
      step,
      scalars: [
        ...Object.entries(swd).map(([level, value]) => ({ tag: `swd/${level}`, value })),
        { tag: "swd/floor", value: floor },
        { tag: "quality/ms_ssim", value: ms_ssim },
        { tag: "quality/memorised", value: memorised },
      ],
    }));
  }

  async #append(...records: Uint8Array[]): Promise<void> {
    try {
      using file = await Deno.open(this.#path, { append: true, create: true });
      for (const record of records) {
        for (let at = 0; at < record.length;) at += await file.write(record.subarray(at));
      }
    } catch (error) {
      throw explainWriteError(this.#path, error);
    }
  }
}
