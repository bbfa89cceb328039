import assert from "node:assert/strict";
import { openGpu } from "../src/gpu/device.ts";
import {
  type DiffAugment,
  type DiffAugmentSpec,
  recordDiffAugment,
  recordDiffAugmentBackward,
} from "../src/ops/diff_augment.ts";
import { StepUniform } from "../src/ops/step_uniform.ts";
import { checkSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";
import { diffAugment, diffAugmentBackward } from "./reference/diff_augment.ts";
import { resizeChannels } from "./reference/layout.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, assertGradient, assertSameTensors, dot, randomArray } from "./numeric.ts";

const ALL = ["colour", "translation", "cutout"] as const;

const CASES: [DiffAugment[], Partial<DiffAugmentSpec>][] = [
  [["colour"], { size: 64 }],
  [["translation"], {}],
  [["cutout"], {}],
  [[], { noise: 0.25 }],
  [[...ALL], { noise: 1, channels: 1, first: 4 }],
  [[...ALL], { batch: 6, first: 7 }],
];

for (const [policy, changes] of CASES) {
  const spec: DiffAugmentSpec = {
    ...{ batch: 3, size: 32, channels: 3, policy, noise: 0, first: 0 },
    ...changes,
  };
  const { batch, size, channels, noise } = spec;
  const name = `${policy.join() || "nothing"}, noise ${noise}, size ${size}, channels ${channels}`;
  Deno.test(`augmentation and its gradient are the reference's: ${name}`, async () => {
    using gpu = await openGpu();
    const [seed, number] = [3, 41];
    const length = batch * size * size * channels;
    const x = rounded(randomArray(length, 1));
    const g = rounded(randomArray(length, 2));
    const padded = (values: Float64Array) => resizeChannels(values, channels, 4);
    const floats = 4 * batch * size * size;
    const result = await runKernels(
      gpu,
      { x: padded(x), y: floats, g: padded(g), dx: floats },
      (program, s) => {
        const uniform = new StepUniform(gpu);
        uniform.write({ seed, step: number, stepSize: 0, invSqrtBias2: 0, ema: 0 });
        recordDiffAugment(program, spec, uniform, s.x, s.y);
        recordDiffAugmentBackward(program, spec, uniform, s.g, s.dx);
      },
    );
    assertClose(result.y, padded(diffAugment(x, spec, seed, number)), 2e-6, "augmented");
    const dx = diffAugmentBackward(g, spec, seed, number);
    assertClose(result.dx, padded(dx), 2e-6, "gradient");
    // The reference's gradient, by finite differences.
    const loss = (x: Float64Array) => dot(diffAugment(x, spec, seed, number), g);
    assertGradient(loss, x, dx, "reference");
  });
}

Deno.test("pictures fare differently, in a step and from step to step, and only within the ranges", () => {
  const spec = { batch: 400, size: 8, channels: 1, noise: 0, first: 0 } as const;
  const grey = new Float64Array(400 * 64).fill(1);
  const shown = (policy: DiffAugment[], step: number) => {
    const out = diffAugment(grey, { ...spec, policy }, 1, step);
    return Array.from({ length: 400 }, (_, i) => out.slice(64 * i, 64 * (i + 1)));
  };
  assert.notDeepEqual(shown([...ALL], 1), shown([...ALL], 2));
  const lights = shown(["colour"], 1).map(([value]) => value - 1);
  assert.ok(lights.every((light) => Math.abs(light) < 0.5));
  assert.ok(Math.min(...lights) < -0.48 && Math.max(...lights) > 0.48);
  // All nine shifts, and all nine by nine places of the hole, leave their zeros.
  const patterns = (policy: DiffAugment[]) => new Set(shown(policy, 1).map((x) => x.join("")));
  assert.equal(patterns(["translation"]).size, 9);
  assert.equal(patterns(["cutout"]).size, 81);
});

Deno.test("a training with augmentation goes on after a checkpoint to the bit", async () => {
  using gpu = await openGpu();
  const settings = { width: 4, batch: 2, size: 32 } as const;
  const augmented = { ...settings, diffAugment: "cutout+colour", instanceNoise: 0.1 };
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
