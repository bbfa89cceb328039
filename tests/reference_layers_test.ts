import assert from "node:assert/strict";
import { activate, type Activation, activationGradient } from "./reference/activation.ts";
import { type ConvShape, convWeightGradient, down, up } from "./reference/conv.ts";
import { dense, denseWeightGradient } from "./reference/dense.ts";
import { headBackward, headForward } from "./reference/head.ts";
import { batchStatistics, normActivate, normBackward, updateRunning } from "./reference/norm.ts";
import { assertClose, assertGradient, dot, randomArray } from "./numeric.ts";

const SHAPES: ConvShape[] = [
  { batch: 1, height: 1, width: 1, big: 1, small: 1 },
  { batch: 3, height: 2, width: 5, big: 3, small: 4 },
  { batch: 2, height: 3, width: 1, big: 5, small: 2 },
];

Deno.test("down(), up() and convWeightGradient() are each other's gradients by finite differences", () => {
  for (const shape of SHAPES) {
    const { batch, height, width, big, small } = shape;
    const x = randomArray(batch * 4 * height * width * big, 1);
    const y = randomArray(batch * height * width * small, 2);
    const w = randomArray(16 * big * small, 3);
    const name = JSON.stringify(shape);
    const downLoss = (x: Float64Array, w: Float64Array) => dot(down(x, w, shape), y);
    assertGradient((x) => downLoss(x, w), x, up(y, w, shape), `down() by its input, ${name}`);
    const dw = convWeightGradient(x, y, shape);
    assertGradient((w) => downLoss(x, w), w, dw, `down() by its weights, ${name}`);
    const upLoss = (y: Float64Array, w: Float64Array) => dot(up(y, w, shape), x);
    assertGradient((y) => upLoss(y, w), y, down(x, w, shape), `up() by its input, ${name}`);
    assertGradient((w) => upLoss(y, w), w, dw, `up() by its weights, ${name}`);
  }
});

Deno.test("down() pads with zeros and strides by two", () => {
  // One 4x4 picture of ones, weights 1, 2, .., 16: the corner pixel misses the first row and column
  // of taps.
  const ones = new Float64Array(16).fill(1);
  const w = Float64Array.from({ length: 16 }, (_, i) => i + 1);
  const out = down(ones, w, { batch: 1, height: 2, width: 2, big: 1, small: 1 });
  const sum = (drop: (kh: number, kw: number) => boolean) =>
    w.reduce((total, value, i) => drop(i >> 2, i & 3) ? total : total + value, 0);
  assert.deepEqual([...out], [
    sum((kh, kw) => kh === 0 || kw === 0),
    sum((kh, kw) => kh === 0 || kw === 3),
    sum((kh, kw) => kh === 3 || kw === 0),
    sum((kh, kw) => kh === 3 || kw === 3),
  ]);
});

Deno.test("dense() has the gradient denseWeightGradient() by finite differences", () => {
  const shape = { batch: 3, inputs: 7, outputs: 10 };
  const x = randomArray(21, 1);
  const w = randomArray(70, 2);
  const r = randomArray(30, 3);
  const dw = denseWeightGradient(x, r, shape);
  assertGradient((w) => dot(dense(x, w, shape), r), w, dw, "weights");
});

Deno.test("headForward() has the gradients headBackward() by finite differences", () => {
  for (const batch of [1, 3]) {
    const x = randomArray(batch * 20, 1);
    const w = randomArray(20, 2);
    const r = randomArray(batch, 3);
    const bias = Float64Array.of(0.3);
    const loss = (x: Float64Array, w: Float64Array, b: Float64Array) =>
      dot(headForward(x, w, b[0], batch), r);
    const { dx, dw, db } = headBackward(r, x, w);
    assertGradient((x) => loss(x, w, bias), x, dx, "features");
    assertGradient((w) => loss(x, w, bias), w, dw, "weights");
    assertGradient((b) => loss(x, w, b), bias, [db], "bias");
  }
});

Deno.test("activate() has the gradient activationGradient() by finite differences", () => {
  const x = randomArray(40, 1);
  const r = randomArray(40, 2);
  for (const kind of ["relu", "leaky", "tanh"] satisfies Activation[]) {
    const gradient = activationGradient(r, activate(x, kind), kind);
    assertGradient((x) => dot(activate(x, kind), r), x, gradient, kind);
  }
});

Deno.test("activationGradient() takes the negative side's slope at zero", () => {
  assert.deepEqual([...activationGradient([1], [0], "relu")], [0]);
  assert.deepEqual([...activationGradient([1], [0], "leaky")], [0.2]);
});

Deno.test("normActivate() has the gradients normBackward() by finite differences", () => {
  for (const [rows, channels] of [[5, 1], [15, 3], [48, 12]]) {
    for (const activation of ["relu", "leaky"] satisfies Activation[]) {
      const x = randomArray(rows * channels, 1).map((value) => 3 * value + 2);
      const gamma = randomArray(channels, 2).map((value) => 1 + 0.3 * value);
      const beta = randomArray(channels, 3).map((value) => 0.5 + 0.2 * value);
      const r = randomArray(rows * channels, 4);
      const loss = (x: Float64Array, gamma: Float64Array, beta: Float64Array) =>
        dot(normActivate(x, batchStatistics(x, channels), { gamma, beta }, activation), r);
      const statistics = batchStatistics(x, channels);
      const y = normActivate(x, statistics, { gamma, beta }, activation);
      const { dx, dgamma, dbeta } = normBackward(r, y, x, statistics, { gamma, beta }, activation);
      const name = `${activation}, ${rows} x ${channels}`;
      assertGradient((x) => loss(x, gamma, beta), x, dx, `input, ${name}`);
      assertGradient((gamma) => loss(x, gamma, beta), gamma, dgamma, `gamma, ${name}`);
      assertGradient((beta) => loss(x, gamma, beta), beta, dbeta, `beta, ${name}`);
    }
  }
});

Deno.test("updateRunning() moves a tenth of the way, with the unbiased variance", () => {
  const running = { mean: Float64Array.of(0), variance: Float64Array.of(1) };
  updateRunning(running, batchStatistics([1, 3], 1), 2); // mean 2, unbiased variance 2
  assertClose(running.mean, [0.2], 1e-15, "mean");
  assertClose(running.variance, [1.1], 1e-15, "variance");
});

Deno.test("normActivate() with running statistics is a fixed scale and shift", () => {
  const running = { mean: Float64Array.of(1, 2), variance: Float64Array.of(4, 9) };
  const y = normActivate([3, 5, 1, 2], running, { gamma: [2, 1], beta: [0, 1] }, "relu");
  assertClose(y, [2, 2, 0, 1], 1e-5, "outputs");
});
