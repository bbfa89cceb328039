import assert from "node:assert/strict";
import { openGpu } from "../src/gpu/device.ts";
import { DIFF_AUGMENTS, type DiffAugment } from "../src/ops/diff_augment.ts";
import { checkSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";
import {
  augmentationErrors,
  augmentationOperands,
  AUGMENTATIONS,
  AUGMENTED_AT,
} from "./augmentations.ts";
import { diffAugment, diffAugmentBackward } from "./reference/diff_augment.ts";
import { assertGradient, assertSameTensors, dot } from "./numeric.ts";

for (const spec of AUGMENTATIONS) {
  const { policy, size, channels, noise } = spec;
  const name = `${policy.join() || "nothing"}, noise ${noise}, size ${size}, channels ${channels}`;
  Deno.test(`augmentation and its gradient are the reference's: ${name}`, async () => {
    using gpu = await openGpu();
    const errors = await augmentationErrors(gpu, spec);
    assert.ok(errors.augmented <= 2e-6 && errors.gradient <= 2e-6, JSON.stringify(errors));
    // The reference's gradient, by finite differences.
    const { seed, step } = AUGMENTED_AT;
    const { x, g } = augmentationOperands(spec);
    const loss = (x: Float64Array) => dot(diffAugment(x, spec, seed, step), g);
    assertGradient(loss, x, diffAugmentBackward(g, spec, seed, step), "reference");
  });
}

Deno.test("pictures fare differently, in a step and from step to step, and only within the ranges", () => {
  const spec = { batch: 400, size: 8, channels: 1, noise: 0, first: 0 } as const;
  const grey = new Float64Array(400 * 64).fill(1);
  const shown = (policy: readonly DiffAugment[], step: number) => {
    const out = diffAugment(grey, { ...spec, policy }, 1, step);
    return Array.from({ length: 400 }, (_, i) => out.slice(64 * i, 64 * (i + 1)));
  };
  assert.notDeepEqual(shown(DIFF_AUGMENTS, 1), shown(DIFF_AUGMENTS, 2));
  const lights = shown(["colour"], 1).map(([value]) => value - 1);
  assert.ok(lights.every((light) => Math.abs(light) < 0.5));
  assert.ok(Math.min(...lights) < -0.48 && Math.max(...lights) > 0.48);
  // All nine shifts, and all nine by nine places of the hole, leave their zeros.
  const patterns = (policy: readonly DiffAugment[]) =>
    new Set(shown(policy, 1).map((x) => x.join("")));
  assert.equal(patterns(["translation"]).size, 9);
  assert.equal(patterns(["cutout"]).size, 81);
});

Deno.test("a training with augmentation goes on after a checkpoint to the bit", async () => {
  using gpu = await openGpu();
  const settings = { width: 4, batch: 2, size: 32 } as const;
  const augmented = { ...settings, diffAugment: "cutout,colour", instanceNoise: 0.1 };
  assert.equal(checkSettings(augmented).diffAugment, "colour,cutout");
  const photos = new Uint8Array(2 * 32 * 32 * 3).map((_, i) => i * i % 251);
  using whole = Trainer.create(gpu, augmented);
  whole.step(photos);
  using resumed = Trainer.resume(gpu, await whole.snapshot());
  for (const trainer of [whole, resumed]) trainer.step(photos);
  const { tensors } = await whole.snapshot();
  assertSameTensors((await resumed.snapshot()).tensors, tensors);
});

Deno.test("what augmentation is asked for by a wrong name is one clear line", () => {
  for (const diffAugment of ["color", "colour,", ""]) {
    assert.throws(
      () => checkSettings({ diffAugment }),
      /^UserError: `diffAugment` must be none, or of colour, /,
    );
  }
  assert.throws(() => checkSettings({ instanceNoise: -1 }), /instanceNoise must be from 0 to 10/);
});
