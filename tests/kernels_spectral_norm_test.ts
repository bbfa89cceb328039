import assert from "node:assert/strict";
import { Gpu, openGpu } from "../src/gpu/device.ts";
import { initialTensors } from "../src/model/initialise.ts";
import { discriminatorTensors } from "../src/model/layers.ts";
import { Bias } from "../src/ops/bias.ts";
import { SpectralNorm } from "../src/ops/spectral_norm.ts";
import type { TrainSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";
import { activate, activationGradient } from "./reference/activation.ts";
import { iterate, normalise, normaliseBackward, sigmaOf } from "./reference/spectral_norm.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, assertGradient, assertSameTensors, dot, randomArray } from "./numeric.ts";

/** A processor and a GPU sum by kernels of their own; either runs anywhere. */
function* eitherWay(opened: Gpu): Generator<[gpu: Gpu, name: string]> {
  for (const software of [true, false]) {
    const gpu = new Gpu(opened.device, { ...opened.summary, software }, opened);
    yield [gpu, software ? "processor" : "GPU"];
  }
}

function unit(x: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(x, x));
  return rounded(x.map((value) => value / norm));
}

/** Rows and columns of matrices: convolutions, heads, odd ones. */
const MATRICES = [[64, 4], [16 * 12, 24], [16 * 5, 20], [1088, 132], [16 * 24, 1], [4, 1], [2, 2]];

Deno.test("SpectralNorm agrees with the float64 reference, forward and backward, at odd shapes", async () => {
  using opened = await openGpu();
  for (const [gpu, adapter] of eitherWay(opened)) {
    for (const [k, s] of MATRICES) {
      const name = `${adapter}: ${k} x ${s}`;
      const weight = rounded(randomArray(k * s, 1).map((x) => 0.02 * x));
      const gradient = rounded(randomArray(k * s, 2));
      const [u, v] = [unit(randomArray(s, 3)), unit(randomArray(k, 4))];
      const singular = { u: u.slice(), v: v.slice() };
      iterate(weight, singular);
      const norm = new SpectralNorm(gpu, k, s);
      const result = await runKernels(
        gpu,
        { weight, u, v, normalised: k * s, gradient },
        (program, slices) => {
          norm.recordNormalise(program, slices.weight, slices, slices.normalised);
          norm.recordGradient(program, slices.gradient, slices, slices.normalised);
        },
      );
      assertClose(result.u, singular.u, 1e-5, `u ${name}`);
      assertClose(result.v, singular.v, 1e-5, `v ${name}`);
      assertClose(result.normalised, normalise(weight, singular), 1e-5, `weights ${name}`);
      const expected = normaliseBackward(gradient, weight, singular);
      assertClose(result.gradient, expected, 1e-5, `gradient ${name}`);
      norm.destroy();
    }
  }
});

Deno.test("normalise() has the gradient normaliseBackward() by finite differences", () => {
  for (const [k, s] of [[12, 4], [16, 1]]) {
    const weight = randomArray(k * s, 1);
    const by = randomArray(k * s, 2);
    const singular = { u: unit(randomArray(s, 3)), v: unit(randomArray(k, 4)) };
    const loss = (w: Float64Array) => dot(normalise(w, singular), by);
    assertGradient(loss, weight, normaliseBackward(by, weight, singular), `${k} x ${s}`);
  }
});

Deno.test("SpectralNorm leaves a matrix of zeros without NaN", async () => {
  using gpu = await openGpu();
  const norm = new SpectralNorm(gpu, 64, 4);
  const result = await runKernels(gpu, {
    weight: new Float64Array(256),
    u: unit(randomArray(4, 1)),
    v: unit(randomArray(64, 2)),
    normalised: 256,
  }, (program, s) => norm.recordNormalise(program, s.weight, s, s.normalised));
  for (const [name, numbers] of Object.entries(result)) {
    assert.ok(numbers.every((x) => x === 0), name);
  }
  norm.destroy();
});

Deno.test("Bias agrees with the float64 reference, forward and backward, at odd shapes", async () => {
  using opened = await openGpu();
  for (const [gpu, adapter] of eitherWay(opened)) {
    for (const [batch, side, channels] of [[1, 4, 4], [3, 4, 96], [2, 5, 20], [19, 34, 4]]) {
      const rows = batch * side * side;
      const name = `${adapter}: ${rows} x ${channels}`;
      const x = rounded(randomArray(rows * channels, 1));
      const bias = rounded(randomArray(channels, 2));
      const dy = rounded(randomArray(rows * channels, 3));
      const y = activate(x.map((value, i) => value + bias[i % channels]), "leaky");
      const dx = activationGradient(dy, y, "leaky");
      const dBias = new Float64Array(channels);
      dx.forEach((value, i) => dBias[i % channels] += value);
      const before = rounded(randomArray(channels, 4));
      const layer = new Bias(gpu, { batch, height: side, width: side, channels, slope: 0.2 });
      for (const wanted of [true, false]) {
        const result = await runKernels(gpu, {
          x,
          bias,
          dy,
          y: x.length,
          dx: x.length,
          dBias: wanted ? channels : before,
        }, (program, s) => {
          layer.recordForward(program, s.x, s.bias, s.y);
          layer.recordBackward(program, s.x, s.dy, s.dx, wanted ? s.dBias : undefined);
        });
        assertClose(result.y, y, 1e-5, `y ${name}`);
        assertClose(result.dx, dx, 1e-5, `dx ${name}`);
        assertClose(result.dBias, wanted ? dBias : before, 1e-5, `dBias ${name}`);
      }
      layer.destroy();
    }
  }
});

const SPECTRAL = { size: 32, width: 8, batch: 3, normD: "spectral", seed: 3 } as const;

Deno.test("fresh singular vectors are those of the fresh weights", () => {
  const tensors = initialTensors(discriminatorTensors({ ...SPECTRAL, nz: 100 }), 3, 1);
  for (const name of ["main.0", "main.2", "main.4", "main.7"]) {
    const data = (field: string) =>
      Float64Array.from(tensors.get(`${name}.parametrizations.weight.${field}`)!.data);
    const [matrix, u, v] = [data("original"), data("0._u"), data("0._v")];
    assertClose([dot(u, u), dot(v, v)], [1, 1], 1e-6, `lengths of ${name}`);
    // PyTorch's matrix is the transpose of ours, so the two vectors change places.
    const transposed = { u: v, v: u };
    const sigma = sigmaOf(matrix, transposed);
    for (let i = 0; i < 500; i++) iterate(matrix, transposed);
    const largest = sigmaOf(matrix, transposed);
    assert.ok(sigma > 0.9 * largest && sigma < 1.000001 * largest, `${name}: ${sigma}, ${largest}`);
  }
});

Deno.test("a resumed training with spectral normalisation is the same training", async () => {
  using gpu = await openGpu();
  const photos = (step: number) =>
    Uint8Array.from(randomArray(3 * 32 * 32 * 3, step), (x) => 128 + 50 * x);
  using whole = Trainer.create(gpu, SPECTRAL);
  for (let step = 0; step < 4; step++) whole.step(photos(step));
  using half = Trainer.create(gpu, SPECTRAL);
  for (let step = 0; step < 2; step++) half.step(photos(step));
  using resumed = Trainer.resume(gpu, await half.snapshot());
  for (let step = 2; step < 4; step++) resumed.step(photos(step));
  assertSameTensors((await resumed.snapshot()).tensors, (await whole.snapshot()).tensors);
});

Deno.test("what keeps the discriminator steady cannot change under a discriminator, but with a fresh one", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, SPECTRAL);
  const checkpoint = await trainer.snapshot();
  const other: Partial<TrainSettings> = { normD: "batch" };
  const refusal =
    /^UserError: the checkpoint was trained with `normD` spectral, this run has `normD` batch: leave/;
  assert.throws(() => Trainer.resume(gpu, checkpoint, other), refusal);
  assert.throws(() => Trainer.fineTune(gpu, checkpoint, other), refusal);
  const generator = [...checkpoint.tensors].filter(([name]) => name.startsWith("G."));
  using fresh = Trainer.fineTune(gpu, { ...checkpoint, tensors: new Map(generator) }, other);
  assert.equal(fresh.settings.normD, "batch");
});
