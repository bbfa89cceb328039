import assert from "node:assert/strict";
import { type Gpu, openGpu } from "../src/gpu/device.ts";
import type { Tensor } from "../src/format/safetensors.ts";
import {
  createDiscriminator,
  type Discriminator,
  discriminatorParameters,
} from "./reference/discriminator.ts";
import {
  createGenerator,
  type Generator,
  generatorForward,
  generatorParameters,
} from "./reference/generator.ts";
import { takeNearestKink } from "./reference/activation.ts";
import { diffAugment, diffAugmentBackward } from "./reference/diff_augment.ts";
import { CHANNELS_FIRST, CHANNELS_LAST, permute } from "./reference/layout.ts";
import {
  discriminatorEntries,
  generatorEntries,
  loadEntry,
  type StateEntry,
  storeEntry,
} from "./reference/state_dict.ts";
import { type StepOptions, trainStep } from "./reference/step.ts";
import { setKernelSelector, VARIANTS } from "../src/ops/conv/selection.ts";
import { diffAugmentsIn, type TrainSettings } from "../src/train/settings.ts";
import type { StepMetrics } from "../src/train/metrics.ts";
import { Trainer } from "../src/train/trainer.ts";
import { assertClose, randomArray, relativeL2 } from "./numeric.ts";

/** All tensors of both networks by a checkpoint's names. */
function entriesOf(G: Generator, D: Discriminator): [string, StateEntry][] {
  return [
    ...generatorEntries(G).map((entry): [string, StateEntry] => [`G.${entry.name}`, entry]),
    ...discriminatorEntries(D).map((entry): [string, StateEntry] => [`D.${entry.name}`, entry]),
  ];
}

function load(entries: [string, StateEntry][], tensors: ReadonlyMap<string, Tensor>): void {
  for (const [name, entry] of entries) loadEntry(entry, tensors.get(name)!.data);
}

/** The augmentation of a step, for the reference. */
function augmentationAt(settings: TrainSettings, step: number): Pick<StepOptions, "augment"> {
  const { batch, size, channels, seed, instanceNoise: noise } = settings;
  const policy = diffAugmentsIn(settings.diffAugment);
  if (policy.length === 0) return {};
  const spec = { batch, size, channels, policy, noise };
  return {
    augment: {
      forward: (x, first) => diffAugment(x, { ...spec, first }, seed, step),
      backward: (g, first) => diffAugmentBackward(g, { ...spec, first }, seed, step),
    },
  };
}

const RUNS: Partial<TrainSettings>[] = [
  { width: 12, batch: 3, loss: "ls", labels: { real: 1, fake: -1, target: 0 } },
  { width: 4, batch: 17, loss: "ls", labels: { real: 0.9, fake: 0.1, target: 1 } },
  { width: 8, batch: 3, loss: "hinge" },
  { size: 32, width: 8, batch: 4, loss: "ls" },
  { size: 32, width: 8, batch: 3, channels: 1, loss: "ls" },
  { size: 32, width: 32, batch: 3, loss: "ls" }, // 128 channels: pixels a gap apart in textures
  { size: 128, width: 4, batch: 2, loss: "ls" },
  { size: 32, width: 8, batch: 3, diffAugment: "colour,translation,cutout", instanceNoise: 0.1 },
  { size: 32, width: 12, batch: 3, normD: "spectral", loss: "ls" },
  { width: 4, batch: 2, channels: 1, normD: "spectral", loss: "hinge" },
  { width: 8, batch: 1, nz: 20, loss: "bce", labels: { real: 0.9, fake: 0, target: 1 } },
];

/**
 * Nearer than this to its kink, in units of the inputs' root mean square, single precision may take a
 * rectifier's input to the other side: two right programs then differ (docs/performance.md).
 */
const CLEAR_OF_KINKS = 2e-6;

/**
 * Adam's first steps are as long where a gradient is nearly zero as elsewhere, and rounding decides their
 * sign there. With a large rate one such weight among 200,000 would show in the metrics.
 */
const LR = 2e-4;

/** Two steps on the GPU and in float64; undefined where the seed's draw comes too near a kink. */
async function compareSteps(gpu: Gpu, settings: Partial<TrainSettings>, seed: number) {
  const config = { ...settings, seed, beta1: 0.4, beta2: 0.99, lr: LR, ema: 0 };
  const trainer = Trainer.create(gpu, config);
  const { size, width, batch, nz, channels, normD } = trainer.settings;
  const G = createGenerator(width, nz, size, channels);
  const D = createDiscriminator(width, size, channels, normD);
  const entries = entriesOf(G, D);
  load(entries, (await trainer.snapshot()).tensors);

  const values = (
    { errD, errG, D_x, D_G_z1, D_G_z2 }: Omit<StepMetrics, "step">,
  ) => [errD, errG, D_x, D_G_z1, D_G_z2];
  const metrics: { found: number[]; expected: number[] }[] = [];
  for (let t = 0; t < 2; t++) {
    const real = Float32Array.from(randomArray(batch * channels * size * size, 2 * t), Math.tanh);
    const noise = Float32Array.from(randomArray(batch * nz, 2 * t + 1));
    const photos = permute(real, [batch, channels, size, size], CHANNELS_LAST);
    const options = { ...trainer.settings, ...augmentationAt(trainer.settings, t) };
    takeNearestKink();
    const expected = trainStep(G, D, photos, Float64Array.from(noise), t + 1, options);
    if (takeNearestKink() < CLEAR_OF_KINKS) {
      trainer.destroy();
      return undefined;
    }
    trainer.replay(real, noise);
    const [found] = await trainer.readMetrics();
    metrics.push({ found: values(found), expected: values(expected) });
  }
  return { trainer, G, entries, metrics };
}

for (const settings of RUNS) {
  const name = `size ${
    settings.size ?? 64
  }, width ${settings.width}, batch ${settings.batch}, channels ${settings.channels ?? 3}, ${
    settings.loss ?? "augmented"
  }${settings.normD ? ", spectral" : ""}`;
  Deno.test(`Trainer takes the float64 reference's steps: ${name}`, async () => {
    using gpu = await openGpu();
    let compared = await compareSteps(gpu, settings, 5);
    for (let seed = 6; !compared; seed++) {
      assert.ok(seed < 40, "every draw puts a rectifier's input at its kink");
      compared = await compareSteps(gpu, settings, seed);
    }
    using trainer = compared.trainer;
    const { G, entries, metrics } = compared;
    const { size, nz, channels } = trainer.settings;
    for (const [t, { found, expected }] of metrics.entries()) {
      assertClose(found, expected, 1e-4, `metrics of step ${t}`);
    }
    const { tensors } = await trainer.snapshot();
    for (const [name, entry] of entries) {
      // Where a gradient is nearly zero Adam makes a whole step of its sign: see the fixtures' test.
      const error = relativeL2(tensors.get(name)!.data, storeEntry(entry));
      assert.ok(error <= 1e-4, `${name}: relative L2 error ${error}`);
    }
    // Evaluation mode from the trained weights, so that a weight's error does not count again.
    load(entries, tensors);
    const noise = randomArray(3 * nz, 9);
    const pictures = await trainer.generate(Float32Array.from(noise));
    const { images } = generatorForward(G, noise, "evaluate");
    const planes = permute(images, [3, size, size, channels], CHANNELS_FIRST);
    const area = size * size; // a grey picture's three planes are equal
    const expected = pictures.data.map((_, i) =>
      planes[Math.floor(i / area / 3) * channels * area + i % (channels * area)]
    );
    // Against one, tanh's range: so young a generator draws nearly grey, and a GPU's tanh of a small
    // number is exact to the rounding of one.
    const error = pictures.data.reduce(
      (worst, x, i) => Math.max(worst, Math.abs(x - expected[i])),
      0,
    );
    assert.ok(error <= 1e-5, `pictures: absolute error ${error}`);
  });
}

Deno.test("a whole step is right whichever variant is forced", async (t) => {
  using gpu = await openGpu();
  const settings = { width: 8, batch: 2, seed: 6, ema: 0 };
  const real = Float32Array.from(randomArray(2 * 3 * 64 * 64, 20), Math.tanh);
  const noise = Float32Array.from(randomArray(2 * 100, 21));
  const [G, D] = [createGenerator(8, 100), createDiscriminator(8)];
  const entries = entriesOf(G, D);
  using initial = Trainer.create(gpu, settings);
  load(entries, (await initial.snapshot()).tensors);
  const photos = permute(real, [2, 3, 64, 64], CHANNELS_LAST);
  const expected = trainStep(G, D, photos, Float64Array.from(noise), 1, initial.settings);
  const gradients = new Map(
    [...generatorParameters(G), ...discriminatorParameters(D)].map(({ value, m }) => [value, m]),
  );
  const names = new Set(VARIANTS.filter(({ half }) => !half).map(({ name }) => name));
  for (const name of names) {
    await t.step(name, async () => {
      setKernelSelector(gpu, () => name);
      using trainer = Trainer.create(gpu, settings);
      trainer.replay(real, noise);
      const [metrics] = await trainer.readMetrics();
      for (const key of ["errD", "errG", "D_x", "D_G_z1", "D_G_z2"] as const) {
        assert.ok(Math.abs(metrics[key] - expected[key]) < 1e-5, `${key} ${metrics[key]}`);
      }
      const { tensors } = await trainer.snapshot();
      for (const [tensor, entry] of entries) {
        const m = gradients.get(entry.data);
        if (!m) continue; // running statistics have no gradient
        const ours = tensors.get(`adam.${tensor[0]}.m.${tensor.slice(2)}`)!.data;
        // Room for one rectifier on the other side of its kink; a wrong kernel is off by its whole.
        const error = relativeL2(ours, storeEntry({ ...entry, data: m }));
        assert.ok(error < 5e-3, `gradient of ${tensor}: relative L2 error ${error}`);
      }
    });
  }
});
