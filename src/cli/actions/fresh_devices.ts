/**
 * Devices that stand in for one that was lost while training.
 *
 * @module
 */

import type { Gpu } from "../../gpu/device.ts";
import { kernelChoices, openTunedGpu } from "../../host/open_gpu.ts";
import type { Checkpoint } from "../../train/checkpoint.ts";
import { Trainer } from "../../train/trainer.ts";

/** Opens fresh devices for a trainer, and frees them with itself. */
export class FreshDevices {
  readonly #opened: { readonly gpu: Gpu; readonly trainer: Trainer }[] = [];
  #trainer: Trainer;

  /** Begins with the trainer whose device may be lost. */
  constructor(trainer: Trainer) {
    this.#trainer = trainer;
  }

  /** Goes on from a checkpoint on a fresh device, with the kernels that ran on the one before. */
  readonly reopen = async (checkpoint: Checkpoint): Promise<Trainer> => {
    const { gpu, settings } = this.#trainer;
    const fresh = await openTunedGpu(kernelChoices(gpu, settings));
    this.#trainer = Trainer.resume(fresh, checkpoint);
    this.#opened.push({ gpu: fresh, trainer: this.#trainer });
    return this.#trainer;
  };

  /** Waits until the device in use has done all it was given; that of a lost one never is. */
  async finished(): Promise<void> {
    await this.#trainer.finished().catch(() => {});
  }

  /** Frees the devices that were opened here, and with them what is on them. */
  [Symbol.dispose](): void {
    for (const { gpu, trainer } of this.#opened) {
      trainer.destroy();
      gpu.close();
    }
  }
}
