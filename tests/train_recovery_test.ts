import assert from "node:assert/strict";
import { makeBuffer, readBack, upload } from "../src/gpu/buffers.ts";
import { openGpu } from "../src/gpu/device.ts";
import { FiniteCheck } from "../src/ops/finite.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { readRunConfig } from "../src/run/run_config.ts";
import { trainInto } from "../src/run/train_into.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../src/train/checkpoint.ts";
import { type LoopOptions, train, type TrainEvent } from "../src/train/loop.ts";
import { Trainer } from "../src/train/trainer.ts";
import { assertSameTensors } from "./numeric.ts";

const TINY = { size: 32, width: 4, batch: 2, nz: 4 } as const;
const SOURCE = { batch: () => ({ pixels: new Uint8Array(2 * 32 * 32 * 3).fill(90) }) };
const LOOP: LoopOptions = { steps: 4, samples: 1, sampleEvery: 100, checkpointEvery: 2 };

/** Puts a NaN into the generator's first convolution, as a gradient that overflowed would. */
function spoil(trainer: Trainer, { tensors }: Checkpoint): void {
  const part = (prefix: string) =>
    new Map(
      [...tensors].filter(([name]) => name.startsWith(prefix))
        .map((
          [name, { shape, data }],
        ) => [name.slice(prefix.length), { shape, data: data.slice() }]),
    );
  const generator = part("G.");
  generator.get("main.3.weight")!.data[5] = NaN;
  trainer.loadWeights(generator, part("D."));
}

/** Trains, spoiling the weights after the first so many checkpoints of step 2. */
async function disturbed(trainer: Trainer, times: number, options: LoopOptions) {
  const events: TrainEvent[] = [];
  for await (const event of train(trainer, SOURCE, options)) {
    events.push(event);
    const done = events.filter(({ kind }) => kind === "back").length;
    const atTwo = event.kind === "back" || (event.kind === "checkpoint" && event.step === 2);
    const last = events.findLast((one) => one.kind === "checkpoint");
    if (atTwo && done < times && last) spoil(trainer, last.checkpoint);
  }
  return events;
}

function outcome(events: readonly TrainEvent[]) {
  const end = events.at(-1);
  assert.ok(end?.kind === "end");
  return end.ended;
}

/** Destroys a trainer's device, once it is idle: a driver whose threads lose their work may crash. */
async function lose({ gpu }: Trainer): Promise<void> {
  await gpu.device.queue.onSubmittedWorkDone();
  gpu.device.destroy();
}

Deno.test("FiniteCheck finds one NaN or infinity wherever it is, and no finite number", async () => {
  using gpu = await openGpu();
  const [a, b] = [makeBuffer(gpu, "a", 4096), makeBuffer(gpu, "b", 100)];
  const check = new FiniteCheck(gpu, [a, b]);
  const find = async () => {
    check.start();
    const [found] = await readBack(gpu, [check.found]);
    return new Uint32Array(found.buffer)[0] !== 0;
  };
  const numbers = Float32Array.from({ length: 100 }, (_, i) => i % 2 ? 3.4e38 : -1e-45);
  upload(gpu, b, numbers);
  assert.equal(await find(), false);
  for (const [at, bad] of [[0, NaN], [57, Infinity], [99, -Infinity]]) {
    upload(gpu, b, numbers.with(at, bad));
    assert.equal(await find(), true, `${bad} at ${at}`);
  }
});

Deno.test("a NaN in the weights ends training, or by rollback the last checkpoint goes on with other noise", async () => {
  using gpu = await openGpu();
  using calm = Trainer.create(gpu, TINY);
  const peaceful = await Array.fromAsync(train(calm, SOURCE, { ...LOOP, onNan: "rollback" }));
  assert.equal(outcome(peaceful), "done");
  using plain = Trainer.create(gpu, TINY);
  await Array.fromAsync(train(plain, SOURCE, LOOP));
  const undisturbed = (await calm.snapshot()).tensors;
  assertSameTensors((await plain.snapshot()).tensors, undisturbed);

  using stopped = Trainer.create(gpu, TINY);
  assert.equal(outcome(await disturbed(stopped, 1, LOOP)), "not-a-number");

  using trainer = Trainer.create(gpu, TINY);
  const events = await disturbed(trainer, 1, { ...LOOP, onNan: "rollback" });
  assert.equal(outcome(events), "done");
  const [back] = events.filter((event) => event.kind === "back");
  assert.deepEqual([back.why, back.to], ["not-a-number", 2]);
  assert.ok(back.step > 2, "within a read-back");
  const now = await trainer.snapshot();
  assert.equal(now.redraws, 1);
  assert.notDeepEqual(now.tensors.get("G.main.0.weight"), undisturbed.get("G.main.0.weight"));

  // What came of it is a run like any other: its checkpoint says how often its noise was redrawn.
  const two = peaceful.find((event) => event.kind === "checkpoint")!.checkpoint;
  const saved = decodeCheckpoint(encodeCheckpoint({ ...two, redraws: 1 }));
  using resumed = Trainer.resume(gpu, saved);
  for (let step = 2; step < 4; step++) resumed.step(SOURCE.batch().pixels);
  assertSameTensors((await resumed.snapshot()).tensors, now.tensors);
});

Deno.test("a run is rolled back three times and no more", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, TINY);
  const events = await disturbed(trainer, 9, { ...LOOP, onNan: "rollback" });
  assert.equal(events.filter(({ kind }) => kind === "back").length, 3);
  assert.equal(outcome(events), "not-a-number");
});

Deno.test("training goes on on a fresh device to the same bits, and ends where that is lost at once", async () => {
  const path = await Deno.makeTempDir();
  using safe = await openGpu();
  using calm = Trainer.create(safe, TINY);
  await Array.fromAsync(train(calm, SOURCE, LOOP));
  const opened: Trainer[] = [];
  try {
    const reopen = async (checkpoint: Checkpoint): Promise<Trainer> => {
      opened.push(Trainer.resume(await openGpu(), checkpoint));
      return opened.at(-1)!;
    };
    const run = new RunFolder(`${path}/run`);
    const first = Trainer.create(await openGpu(), TINY);
    opened.push(first);
    const options = { ...LOOP, tensorboard: false, reopen };
    const told: string[] = [];
    for await (const event of trainInto(run, first, SOURCE, options)) {
      if (event.kind === "checkpoint" && event.step === 2) await lose(first);
      if (event.kind === "back") told.push(event.message);
    }
    assert.equal(told.length, 1);
    assert.match(
      told[0],
      /^At step \d the GPU's device was lost: training goes on from step 2 on .*$/,
    );
    assertSameTensors((await opened[1].snapshot()).tensors, (await calm.snapshot()).tensors);
    assert.deepEqual((await readMetrics(run.metrics)).map(({ step }) => step), [0, 1, 2, 3]);
    assert.equal((await readRunConfig(run)).sessions[0].devicesLost, 1);

    const again = Trainer.create(await openGpu(), TINY);
    opened.push(again);
    const loop = async () => {
      for await (const event of train(again, SOURCE, { ...LOOP, reopen })) {
        if (event.kind === "samples") await lose(again);
        if (event.kind === "back") await lose(opened.at(-1)!);
      }
    };
    await assert.rejects(loop, { name: "DeviceLostError" });
  } finally {
    for (const trainer of opened) {
      trainer.destroy();
      trainer.gpu.close();
    }
    await Deno.remove(path, { recursive: true });
  }
});
