/**
 * A device that goes away in the middle of training.
 *
 * @module
 */

import { UserError } from "../../src/errors.ts";
import { openGpu } from "../../src/gpu/device.ts";
import { hash4 } from "../../src/random.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { dice, type Fault } from "./fault.ts";

const STEPS = 12;
const SETTINGS = { size: 32, width: 4, batch: 2, nz: 4 } as const;

/** The fault. */
export const DEVICE: Fault = {
  name: "device",
  fault: "the device is destroyed in the middle of training",
  happens:
    "told in one line within a read-back; from the last checkpoint a fresh device goes on, to the bit",
  full: 20,
  async run({ count, seed, ended }) {
    const calm = await undisturbed();
    for (let trial = 0; trial < count; trial++) {
      const random = dice(seed, trial);
      const saved = random(STEPS - 2);
      const gone = saved + random(STEPS - saved);
      ended("told, and gone on with", await disturbed(saved, gone, calm));
    }
  },
};

async function undisturbed(): Promise<Float32Array> {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SETTINGS);
  for (let step = 0; step < STEPS; step++) trainer.step(photos(step));
  return weights(await trainer.snapshot());
}

async function disturbed(
  saved: number,
  gone: number,
  calm: Float32Array,
): Promise<string | undefined> {
  const gpu = await openGpu();
  const trainer = Trainer.create(gpu, SETTINGS);
  for (let step = 0; step < saved; step++) trainer.step(photos(step));
  const checkpoint = await trainer.snapshot();
  for (let step = saved; step < gone; step++) trainer.step(photos(step));
  gpu.device.destroy();
  try {
    trainer.step(photos(gone));
    await trainer.readMetrics();
    return `nothing was said of it (saved ${saved}, gone ${gone})`;
  } catch (error) {
    if (!(error instanceof UserError) || error.message.includes("\n")) {
      return (error as Error).stack;
    }
  }
  using fresh = await openGpu();
  using resumed = Trainer.resume(fresh, checkpoint);
  for (let step = saved; step < STEPS; step++) resumed.step(photos(step));
  const now = weights(await resumed.snapshot());
  return now.every((value, i) => Object.is(value, calm[i])) ? undefined : "other weights";
}

function photos(step: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => hash4(step, i, 0, 0)[0] & 255);
}

function weights({ tensors }: Awaited<ReturnType<Trainer["snapshot"]>>): Float32Array {
  return Float32Array.from([...tensors.values()].flatMap(({ data }) => [...data]));
}
