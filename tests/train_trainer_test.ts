import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { openGpu } from "../src/gpu/device.ts";
import { fillNormal, hash4, Purpose } from "../src/random.ts";
import { loadCheckpoint, saveCheckpoint } from "../src/files/checkpoint_file.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../src/train/checkpoint.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { Trainer } from "../src/train/trainer.ts";
import { assertClose, assertSameNumbers, assertSameTensors } from "./numeric.ts";

const SMALL = { width: 4, batch: 3, seed: 7 };

/** A batch that depends on the step alone. */
function photos(batch: number, step: number): Uint8Array {
  return Uint8Array.from({ length: batch * 64 * 64 * 3 }, (_, i) => hash4(step, 99, 0, i)[0] & 255);
}

Deno.test("Trainer resumed at a step gives the same bits as one that never stopped", async () => {
  using gpu = await openGpu();
  using straight = Trainer.create(gpu, SMALL);
  for (let step = 0; step < 5; step++) straight.step(photos(3, step));

  using first = Trainer.create(gpu, SMALL);
  for (let step = 0; step < 2; step++) first.step(photos(3, step));
  const saved = await first.snapshot();
  using second = Trainer.resume(gpu, decodeCheckpoint(encodeCheckpoint(saved)));
  assert.equal(second.stepsDone, 2);
  for (let step = 2; step < 5; step++) second.step(photos(3, step));
  assertSameTensors((await second.snapshot()).tensors, (await straight.snapshot()).tensors);
  assert.deepEqual((await second.readMetrics()).map(({ step }) => step), [2, 3, 4]);

  // A page trains on while a snapshot is read back: it is that of the step at which it was asked for.
  const asked = second.snapshot();
  second.step(photos(3, 5));
  assert.equal((await asked).stepsDone, 5);
});

Deno.test("Trainer draws other weights and noise from another seed", async () => {
  using gpu = await openGpu();
  using a = Trainer.create(gpu, SMALL);
  using b = Trainer.create(gpu, { ...SMALL, seed: 8 });
  const weight = async (trainer: Trainer) =>
    (await trainer.snapshot()).tensors.get("G.main.0.weight")!.data;
  const [wa, wb] = [await weight(a), await weight(b)];
  const same = wa.reduce((count, x, i) => count + Number(x === wb[i]), 0);
  assert.ok(same < wa.length / 1000, `${same} of ${wa.length} weights are equal`);
});

Deno.test("Trainer starts from DCGAN's initial weights", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, { ...SMALL, width: 8 });
  const { tensors } = await trainer.snapshot();
  const moments = (name: string) => {
    const { data } = tensors.get(name)!;
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
    return [mean, Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length)];
  };
  for (const name of ["G.main.0.weight", "G.main.3.weight", "D.main.8.weight"]) {
    const [mean, deviation] = moments(name);
    assert.ok(Math.abs(mean) < 2e-3 && Math.abs(deviation - 0.02) < 1e-3, `${name}: ${mean}`);
  }
  const [mean] = moments("D.main.9.weight");
  assert.ok(Math.abs(mean - 1) < 0.02, `norm weights around ${mean}`);
  const head = tensors.get("D.main.12.weight")!.data;
  const bound = 1 / Math.sqrt(head.length);
  const largest = Math.max(...head.map(Math.abs));
  assert.ok(largest <= bound && largest > 0.98 * bound, `linear within ${bound}: ${largest}`);
});

Deno.test("Trainer's noise is fillNormal() of the seed and the step", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SMALL);
  trainer.step(photos(3, 0));
  trainer.step(photos(3, 1));
  const { readBack } = await import("../src/gpu/buffers.ts");
  const [noise] = await readBack(gpu, [trainer.recorded.noise]);
  const expected = fillNormal(new Float64Array(300), 7, Purpose.Noise, 1);
  expected.forEach((x, i) => assert.ok(Math.abs(x - noise[i]) < 2e-5, `${i}: ${noise[i]}, ${x}`));
});

Deno.test("the moving average decays by step / (step + 20) until that passes --ema", async () => {
  using gpu = await openGpu();
  const [ema, steps] = [0.1, 5]; // 3 / 23 is the first above 0.1
  using trainer = Trainer.create(gpu, { width: 4, batch: 1, size: 32, ema });
  const name = "main.0.weight";
  let expected: Float64Array | undefined;
  for (let step = 0; step < steps; step++) {
    trainer.step(new Uint8Array(32 * 32 * 3).fill(40 * step));
    const { tensors } = await trainer.snapshot();
    const decay = Math.min(ema, step / (step + 20));
    const before: Float64Array | undefined = expected;
    expected = Float64Array.from(
      tensors.get(`G.${name}`)!.data,
      (now, i) => now + decay * ((before ? before[i] : now) - now),
    );
    assertClose(tensors.get(`ema.G.${name}`)!.data, expected, 1e-6, `after step ${step}`);
  }
});

Deno.test("Trainer.generate() gives the same picture alone and among others", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SMALL);
  trainer.step(photos(3, 0));
  trainer.step(photos(3, 1)); // a first step is its own average
  const noise = fillNormal(new Float32Array(3 * 100), 1, Purpose.Samples, 0);
  const three = await trainer.generate(noise);
  const one = await trainer.generate(noise.subarray(100, 200));
  assertSameNumbers(one.data, three.slice(1, 2).data, "the picture");
  assert.ok(three.data.every((x) => x > -1 && x < 1));
  const current = await trainer.generate(noise, { weights: "current" });
  assert.notDeepEqual(current, three, "the moving average lags behind the weights");
});

Deno.test("Trainer.resume() refuses other networks, another loss and a missing tensor", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SMALL);
  const checkpoint = await trainer.snapshot();
  assert.throws(
    () => Trainer.resume(gpu, checkpoint, { width: 8 }),
    /trained with `width` 4, this run has `width` 8/,
  );
  assert.throws(() => Trainer.resume(gpu, checkpoint, { loss: "bce" }), /`loss` ls/);
  const tensors = new Map(checkpoint.tensors);
  tensors.delete("adam.D.v.main.5.weight");
  assert.throws(() => Trainer.resume(gpu, { ...checkpoint, tensors }), UserError);
});

Deno.test("Trainer.resume() keeps the checkpoint's settings, but for those changed", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, { ...SMALL, labels: { real: 0.9 }, lr: 1e-3 });
  using resumed = Trainer.resume(gpu, await trainer.snapshot(), { lr: 5e-4, batch: 2 });
  assert.deepEqual(resumed.settings, { ...trainer.settings, lr: 5e-4, batch: 2 });
});

Deno.test("an error in one trainer leaves the others on its GPU alone", async () => {
  using gpu = await openGpu();
  using sound = Trainer.create(gpu, SMALL);
  using broken = Trainer.create(gpu, SMALL);
  broken.recorded.bytes.buffer.destroy();
  broken.step(photos(3, 0));
  sound.step(photos(3, 0));
  await assert.rejects(broken.readMetrics(), /destroyed/);
  assert.equal((await sound.readMetrics()).length, 1);
  await assert.rejects(broken.generate(new Float32Array(100)), /destroyed/);
  const lost = openGenerator(gpu, await sound.snapshot());
  lost.destroy();
  await assert.rejects(lost.generate(new Float32Array(100)), /destroyed/);
  using later = Trainer.create(gpu, SMALL);
  later.step(photos(3, 0));
  assert.equal((await later.readMetrics()).length, 1);
});

Deno.test("saveCheckpoint() and loadCheckpoint() keep everything; damage is named", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SMALL);
  trainer.step(photos(3, 0));
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.safetensors`;
    const snapshot = await trainer.snapshot();
    await saveCheckpoint(path, snapshot);
    const loaded = await loadCheckpoint(path);
    assert.equal(loaded.stepsDone, 1);
    assert.deepEqual(loaded.settings, trainer.settings);
    assertSameTensors(loaded.tensors, snapshot.tensors);
    assert.equal(loaded.tensors.get("D.main.3.num_batches_tracked")!.data[0], 3);
    const bytes = await Deno.readFile(path);
    await Deno.writeFile(path, bytes.subarray(0, bytes.length - 5));
    await assert.rejects(loadCheckpoint(path), /cut short/);
    await Deno.writeTextFile(path, "nonsense");
    await assert.rejects(loadCheckpoint(path), UserError);
    await assert.rejects(loadCheckpoint(`${folder}/none`), /no checkpoint/);
    await assert.rejects(saveCheckpoint(`${path}/b`, snapshot), UserError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Trainer.create() says which setting is out of range", async () => {
  using gpu = await openGpu();
  assert.throws(() => Trainer.create(gpu, { width: 6 }), /width must be a multiple of 4, not 6/);
  assert.throws(() => Trainer.create(gpu, { batch: 0 }), /batch/);
  assert.throws(() => Trainer.create(gpu, { lr: -1 }), /lr/);
  assert.throws(() => Trainer.create(gpu, { seed: 2 ** 32 }), /seed/);
  const labels = { real: 2, fake: 0, target: 1 };
  assert.throws(() => Trainer.create(gpu, { loss: "bce", labels }), /real label/);
});
