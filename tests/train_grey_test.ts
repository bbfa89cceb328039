import assert from "node:assert/strict";
import { openGpu } from "../src/gpu/device.ts";
import { toGrey } from "../src/image/grey.ts";
import { hash4 } from "../src/random.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../src/train/checkpoint.ts";
import { exportGenerator } from "../src/train/exported_generator.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { checkSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";
import { assertSameNumbers, assertSameTensors } from "./numeric.ts";
import { exampleGenerator, weightsFile } from "./weights_files.ts";

const GREY = { size: 32, width: 4, batch: 2, channels: 1, seed: 3 } as const;

function photos(step: number): Uint8Array {
  return Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => hash4(step, 98, 0, i)[0] & 255);
}

Deno.test("toGrey() is the Rec. 601 luma three times", () => {
  const pixels = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 7, 7, 7);
  toGrey(pixels);
  const lumas = [76, 150, 29, 255, 7];
  assert.deepEqual([...pixels], lumas.flatMap((luma) => [luma, luma, luma]));
});

Deno.test("a trainer of one channel sees the luma of colour photos", async () => {
  using gpu = await openGpu();
  const [colour, luma] = [photos(0), new Float32Array(2 * 32 * 32)];
  for (let i = 0; i < luma.length; i++) {
    const [r, g, b] = colour.subarray(3 * i);
    luma[i] = (0.299 * r + 0.587 * g + 0.114 * b) / 127.5 - 1;
  }
  using trainer = Trainer.create(gpu, GREY);
  trainer.step(colour);
  using replayed = Trainer.create(gpu, GREY);
  replayed.replay(luma, new Float32Array(2 * 100).fill(0.1));
  const [seen, expected] = [await trainer.readMetrics(), await replayed.readMetrics()];
  // The score of the photos comes before any update, so the noise has no part in it.
  assert.ok(Math.abs(seen[0].D_x - expected[0].D_x) < 1e-6);
  using colourful = Trainer.create(gpu, { ...GREY, channels: 3 });
  colourful.step(colour);
  assert.ok(Math.abs((await colourful.readMetrics())[0].D_x - expected[0].D_x) > 1e-4);
});

Deno.test("a run of one channel resumes to the same bits, as one channel only, and draws grey", async () => {
  using gpu = await openGpu();
  using straight = Trainer.create(gpu, GREY);
  straight.step(photos(0));
  const saved = decodeCheckpoint(encodeCheckpoint(await straight.snapshot()));
  assert.deepEqual(saved.tensors.get("D.main.0.weight")!.shape, [4, 1, 4, 4]);
  assert.throws(() => Trainer.resume(gpu, saved, { channels: 3 }), /`channels` 1/);
  assert.throws(() => Trainer.fineTune(gpu, saved, { channels: 3 }), /`channels` 1/);
  using resumed = Trainer.resume(gpu, saved);
  for (const trainer of [straight, resumed]) trainer.step(photos(1));
  const snapshot = await resumed.snapshot();
  assertSameTensors(snapshot.tensors, (await straight.snapshot()).tensors);

  using generator = openGenerator(gpu, snapshot);
  const pixels = (await generator.generate(generator.noise(2))).toPixels();
  const grey = pixels.slice();
  toGrey(grey);
  assertSameNumbers(pixels, grey, "pixels");
  assert.ok(new Set(pixels).size > 1, "the pictures are not blank");
});

Deno.test("weights of one channel from elsewhere are read and written as one channel", () => {
  const source = exampleGenerator({ channels: 1 });
  const opened = decodeCheckpoint(weightsFile(source));
  assert.equal(opened.settings.channels, 1);
  const { safetensors } = exportGenerator(opened, ["facadegan", "test"]);
  assertSameTensors(
    new Map([...decodeCheckpoint(safetensors).tensors].map(([k, t]) => [k.slice(2), t])),
    source,
  );
});

Deno.test("settings without channels are those of colour; two channels are refused", () => {
  assert.equal(checkSettings({}).channels, 3);
  assert.throws(() => checkSettings({ channels: 2 as 1 }), /channels must be 1 or 3/);
});
