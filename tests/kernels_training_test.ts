import { Gpu, openGpu } from "../src/gpu/device.ts";
import { adamCorrections, recordAdam, recordEma } from "../src/ops/adam.ts";
import { recordLoss } from "../src/ops/losses.ts";
import { recordNoise, recordNormaliseImages } from "../src/ops/random.ts";
import { adamUpdate, createParameter, updateAverage } from "./reference/adam.ts";
import { normalisePixels, resizeChannels } from "./reference/layout.ts";
import { lossOf } from "./reference/losses.ts";
import { METRICS_RING, StepUniform } from "../src/ops/step_uniform.ts";
import { fillNormal, Purpose } from "../src/random.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, randomArray } from "./numeric.ts";

const TOLERANCE = 1e-5;

/** A step's numbers where a kernel reads only some of them. */
const VALUES = { seed: 1, step: 0, stepSize: 0, invSqrtBias2: 0, ema: 0 };

Deno.test("recordLoss() agrees with the float64 reference for every loss, any label, odd batches", async () => {
  using gpu = await openGpu();
  const step = new StepUniform(gpu);
  for (const batch of [1, 3, 17, 64, 200]) {
    for (
      const [loss, label, role] of [
        ["ls", 1, "discriminator"],
        ["ls", 0, "discriminator"],
        ["ls", -1, "generator"],
        ["bce", 1, "generator"],
        ["bce", 0.9, "discriminator"],
        ["hinge", 1, "discriminator"],
        ["hinge", -1, "discriminator"],
        ["hinge", 1, "generator"],
      ] as const
    ) {
      // Scores of all sizes, the last one huge: cross-entropy must not overflow.
      const scores = rounded(randomArray(batch, 1).map((s) => 4 * s));
      scores[batch - 1] = -120;
      const [lossAt, scoreAt, slot] = [2, 5, 7];
      step.write({ ...VALUES, step: METRICS_RING + slot });
      const { dScores, metrics } = await runKernels(
        gpu,
        { scores, dScores: batch, metrics: 8 * METRICS_RING },
        (program, s) => {
          const spec = { loss, role, batch, label, lossAt, scoreAt };
          recordLoss(program, spec, step, s.scores, s.dScores, s.metrics);
        },
      );
      const expected = lossOf(loss, scores, label, role);
      const name = `${loss} of the ${role}, label ${label}, batch ${batch}`;
      assertClose(dScores, expected.dScores, TOLERANCE, `gradient, ${name}`);
      assertClose([metrics[8 * slot + lossAt]], [expected.loss], TOLERANCE, `loss, ${name}`);
      // A mean may cancel: its error counts against the size of what is summed.
      const scale = loss !== "bce" ? 120 / batch + 4 : 1;
      const score = [metrics[8 * slot + scoreAt] + scale];
      assertClose(score, [expected.score + scale], TOLERANCE, `score, ${name}`);
      const written = metrics.filter((value) => !Number.isNaN(value)).length;
      assertClose([written], [2], 0, `numbers written to the ring, ${name}`);
    }
  }
  step.slice.buffer.destroy();
});

Deno.test("recordLoss() keeps cross-entropy exact where the sigmoid saturates", async () => {
  using gpu = await openGpu();
  const step = new StepUniform(gpu);
  step.write(VALUES);
  // Each score in a batch of its own, so that a small loss is not lost beside a large one.
  for (const score of [-80, -20, -8, -1e-3, 0, 1e-3, 8, 20, 80]) {
    for (const label of [0, 1]) {
      const result = await runKernels(
        gpu,
        { scores: [score], dScores: 1, metrics: 8 * METRICS_RING },
        (program, s) => {
          const spec = {
            loss: "bce",
            role: "discriminator",
            batch: 1,
            label,
            lossAt: 0,
            scoreAt: 1,
          } as const;
          recordLoss(program, spec, step, s.scores, s.dScores, s.metrics);
        },
      );
      const { loss, dScores } = lossOf("bce", [Math.fround(score)], label);
      assertClose(result.dScores, dScores, TOLERANCE, `gradient of ${score}, label ${label}`);
      assertClose([result.metrics[0]], [loss], TOLERANCE, `loss of ${score}, label ${label}`);
    }
  }
  step.slice.buffer.destroy();
});

Deno.test("recordAdam() agrees with the float64 reference over several steps", async () => {
  using opened = await openGpu();
  const step = new StepUniform(opened);
  for (const [count, most] of [[4, 2 ** 27], [260, 2 ** 27], [70000, 2 ** 27], [70000, 102_400]]) {
    // As on an adapter that binds few bytes at once: the last piece is a short one.
    const limits = { ...opened.summary.limits, maxStorageBufferBindingSize: most };
    const gpu = new Gpu(opened.device, { ...opened.summary, limits }, opened);
    const [beta1, beta2] = [0.5, 0.999];
    const [lr, rate] = count === 260 ? [8e-4, 0.25] : [2e-4, 1];
    const expected = createParameter(count);
    expected.value.set(rounded(randomArray(count, 1)));
    const average = rounded(randomArray(count, 4));
    let { value, m, v } = expected;
    const held = {
      value: Float64Array.from(value),
      m: Float64Array.from(m),
      v: Float64Array.from(v),
    };
    for (let t = 0; t < 3; t++) {
      // Gradients of very different sizes, zero among them: padding has none, and eps must show.
      const gradient = rounded(
        randomArray(count, 10 + t).map((g, i) => g * [1, 1e-4, 1e-8, 0][i & 3]),
      );
      expected.gradient.set(gradient);
      adamUpdate(expected, t + 1, { lr: rate * lr, beta1, beta2 });
      step.write({ ...VALUES, ...adamCorrections(t, lr, beta1, beta2), ema: 0.9 });
      const record = (averaged: boolean) =>
        runKernels(gpu, { gradient, ...held, average }, (program, s) => {
          const buffers = {
            gradients: s.gradient,
            parameters: s.value,
            moment1: s.m,
            moment2: s.v,
            average: averaged ? s.average : undefined,
          };
          recordAdam(program, step, buffers, { beta1, beta2, rate });
          assertClose([program.dispatches.length], [Math.ceil(4 * count / most)], 0, "pieces");
        });
      const { average: untouched, ...alone } = await record(false);
      const result = await record(true);
      ({ value, m, v } = expected);
      const moved = (after: ArrayLike<number>) =>
        Float64Array.from(after, (x, i) => x - held.value[i]);
      held.m.set(result.m);
      held.v.set(result.v);
      const name = `count ${count}, step ${t}, at most ${most} bytes`;
      assertClose(untouched, average, 0, `average left alone, ${name}`);
      assertClose(alone.value, result.value, 0, `value with and without average, ${name}`);
      updateAverage(average, value, 0.9);
      assertClose(result.average, average, TOLERANCE, `average, ${name}`);
      average.set(result.average);
      assertClose(result.m, m, TOLERANCE, `m, ${name}`);
      assertClose(result.v, v, TOLERANCE, `v, ${name}`);
      assertClose(result.value, value, 1e-7 * (t + 1), `value, ${name}`);
      // The weights near one hide the update in their rounding: it is held to that rounding.
      assertClose(moved(result.value), moved(value), 2e-3 * (t + 1), `update, ${name}`);
      held.value.set(result.value);
    }
  }
  step.slice.buffer.destroy();
});

Deno.test("recordEma() agrees with the float64 reference", async () => {
  using gpu = await openGpu();
  const step = new StepUniform(gpu);
  step.write({ ...VALUES, ema: 0.9 });
  for (const count of [4, 320, 70000]) {
    const [now, mean] = [rounded(randomArray(count, 1)), rounded(randomArray(count, 2))];
    const result = await runKernels(gpu, { now, mean }, (program, s) => {
      recordEma(program, step, s.now, s.mean);
    });
    updateAverage(mean, now, 0.9);
    assertClose(result.mean, mean, TOLERANCE, `${count} numbers`);
  }
  step.slice.buffer.destroy();
});

Deno.test("recordNoise() draws what fillNormal() draws, for any seed and step", async () => {
  using gpu = await openGpu();
  const step = new StepUniform(gpu);
  for (const [seed, number, count] of [[1, 0, 4], [7, 3, 1700], [4294967295, 123456, 300]]) {
    step.write({ ...VALUES, seed, step: number });
    const { noise } = await runKernels(
      gpu,
      { noise: count },
      (program, s) => recordNoise(program, step, s.noise, count),
    );
    const expected = fillNormal(new Float64Array(count), seed, Purpose.Noise, number);
    assertClose(noise, expected, TOLERANCE, `seed ${seed}, step ${number}`);
  }
  step.slice.buffer.destroy();
});

Deno.test("recordNormaliseImages() turns every byte value into its number, fourth channel zero", async () => {
  using gpu = await openGpu();
  for (const pixels of [4, 256, 17 * 64 * 64]) {
    const bytes = Uint8Array.from({ length: 3 * pixels }, (_, i) => i * 37 + (i >> 8));
    const { images } = await runKernels(
      gpu,
      { bytes: new Float32Array(bytes.buffer), images: 4 * pixels },
      (program, s) => recordNormaliseImages(program, s.bytes, s.images, pixels),
    );
    const expected = resizeChannels(normalisePixels(bytes), 3, 4);
    assertClose(images, expected, 1e-6, `${pixels} pixels`);
  }
});
