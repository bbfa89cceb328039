/**
 * A device that goes away in the middle of training.
 *
 * @module
 */

import { openGpu } from "../../src/gpu/device.ts";
import { hash4 } from "../../src/random.ts";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import { train } from "../../src/train/loop.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { dice, type Fault } from "./fault.ts";

const STEPS = 12;
const SETTINGS = { size: 32, width: 4, batch: 2, nz: 4 } as const;

/** The fault. */
export const DEVICE: Fault = {
  name: "device",
  fault: "the device is destroyed in the middle of training",
  happens:
    "told in one line within a read-back; training goes on by itself, on a fresh device and from the " +
    "last checkpoint, to the bit",
  full: 20,
  async run({ count, seed, ended }) {
    const calm = await undisturbed();
    for (let trial = 0; trial < count; trial++) {
      const random = dice(seed, trial);
      const every = 1 + random(STEPS);
      ended("told, and gone on with", await disturbed(every, random(STEPS), calm));
    }
  },
};

async function undisturbed(): Promise<Float32Array> {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SETTINGS);
  for (let step = 0; step < STEPS; step++) trainer.step(photos(step));
  return weights(await trainer.snapshot());
}

/** Trains with a checkpoint every so many steps, and destroys the device when a step begins. */
async function disturbed(
  every: number,
  gone: number,
  calm: Float32Array,
): Promise<string | undefined> {
  const gpu = await openGpu();
  const first = Trainer.create(gpu, SETTINGS);
  let now = first;
  const reopen = async (checkpoint: Checkpoint): Promise<Trainer> =>
    now = Trainer.resume(await openGpu(), checkpoint);
  let destroyed = false;
  const batch = (step: number) => {
    if (step === gone && !destroyed) gpu.device.destroy();
    destroyed ||= step === gone;
    return { pixels: photos(step) };
  };
  const options = { steps: STEPS, samples: 1, sampleEvery: 100, checkpointEvery: every, reopen };
  const told: string[] = [];
  try {
    for await (const event of train(first, { batch }, options)) {
      if (event.kind === "back") told.push(event.message);
    }
    if (told.length !== 1 || told[0].includes("\n")) return `told: ${JSON.stringify(told)}`;
    const same = weights(await now.snapshot()).every((value, i) => Object.is(value, calm[i]));
    return same ? undefined : `other weights (checkpoint every ${every}, gone at ${gone})`;
  } finally {
    for (const trainer of new Set([first, now])) {
      trainer.destroy();
      trainer.gpu.close();
    }
  }
}

function photos(step: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => hash4(step, i, 0, 0)[0] & 255);
}

function weights({ tensors }: Awaited<ReturnType<Trainer["snapshot"]>>): Float32Array {
  return Float32Array.from([...tensors.values()].flatMap(({ data }) => [...data]));
}
