import { Gpu, openGpu } from "../src/gpu/device.ts";
import { recordActivationBackward } from "../src/ops/activation.ts";
import {
  recordDense,
  recordDenseWeightGradient,
  recordHead,
  recordHeadBackward,
} from "../src/ops/dense.ts";
import { BatchNorm } from "../src/ops/batch_norm.ts";
import { activate, activationGradient } from "./reference/activation.ts";
import { dense, denseWeightGradient } from "./reference/dense.ts";
import { headBackward, headForward } from "./reference/head.ts";
import { batchStatistics, normActivate, normBackward, updateRunning } from "./reference/norm.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, randomArray } from "./numeric.ts";

const TOLERANCE = 1e-5;

/** a + b, element by element. */
const sum = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Float64Array.from(a, (value, i) => value + b[i]);

Deno.test("recordDense() and its weight gradient agree with the float64 reference at odd shapes", async () => {
  using gpu = await openGpu();
  for (const [batch, inputs, outputs] of [[1, 4, 4], [3, 100, 512], [17, 12, 1536], [5, 100, 20]]) {
    const shape = { batch, inputs, outputs };
    const name = JSON.stringify(shape);
    const x = rounded(randomArray(batch * inputs, 1));
    const weight = rounded(randomArray(inputs * outputs, 2));
    const dy = rounded(randomArray(batch * outputs, 3));
    const forward = await runKernels(gpu, { x, weight, y: dy.length }, (program, s) => {
      recordDense(program, shape, s.x, s.weight, s.y);
    });
    assertClose(forward.y, dense(x, weight, shape), TOLERANCE, `y ${name}`);
    const backward = await runKernels(gpu, { x, dy, dw: weight.length }, (program, s) => {
      recordDenseWeightGradient(program, shape, s.x, s.dy, s.dw);
    });
    assertClose(backward.dw, denseWeightGradient(x, dy, shape), TOLERANCE, `dw ${name}`);
  }
});

Deno.test("recordHead() agrees with the float64 reference at odd shapes", async () => {
  using gpu = await openGpu();
  for (const [batch, features] of [[1, 4], [3, 512], [17, 1536], [5, 260]]) {
    const x = rounded(randomArray(batch * features, 1));
    const weight = rounded(randomArray(features, 2));
    const bias = Float64Array.of(0.25);
    const { scores } = await runKernels(
      gpu,
      { x, weight, bias, scores: batch },
      (program, s) => recordHead(program, { batch, groups: 1, features }, s.x, s, s.scores),
    );
    const expected = headForward(x, weight, bias[0], batch);
    assertClose(scores, expected, TOLERANCE, `batch ${batch}, features ${features}`);
  }
});

Deno.test("recordHeadBackward() agrees with the float64 reference, written and left alone", async () => {
  using gpu = await openGpu();
  for (
    const [batch, features, groups] of [[1, 4, 1], [3, 512, 3], [17, 1536, 1], [10, 260, 2]]
  ) {
    const x = rounded(randomArray(batch * features, 1));
    const weight = rounded(randomArray(features, 2));
    const dScores = rounded(randomArray(batch, 3));
    const [weightBefore, biasBefore] = [rounded(randomArray(features, 4)), Float64Array.of(0.5)];
    const { dx, dw, db } = headBackward(dScores, x, weight);
    for (const gradients of ["write", "none"] as const) {
      const name = `${gradients}, batch ${batch}, features ${features}`;
      const result = await runKernels(gpu, {
        dScores,
        x,
        weight,
        dx: x.length,
        dw: gradients === "write" ? features : weightBefore,
        db: gradients === "write" ? 1 : biasBefore,
      }, (program, s) => {
        const into = { weight: s.dw, bias: s.db };
        recordHeadBackward(
          program,
          { batch, groups, features },
          s.x,
          s.weight,
          s.dScores,
          s.dx,
          gradients,
          into,
        );
      });
      const [dwLeft, dbLeft] = gradients === "none" ? [weightBefore, biasBefore] : [dw, [db]];
      assertClose(result.dx, dx, TOLERANCE, `dx ${name}`);
      assertClose(result.dw, dwLeft, TOLERANCE, `dw ${name}`);
      assertClose(result.db, dbLeft, TOLERANCE, `db ${name}`);
    }
  }
});

/** Batch, side, channels, slope and groups of both networks' layers, and odd ones. */
const NORMS = [
  [1, 4, 4, 0, 1],
  [3, 4, 96, 0, 1],
  [3, 32, 12, 0, 1],
  [1, 4, 32, 0.2, 1],
  [17, 8, 16, 0.2, 1],
  [2, 5, 20, 0.2, 1],
  [2, 4, 96, 0.2, 2],
  [6, 5, 20, 0.2, 3],
  [14, 16, 8, 0.2, 2],
  [19, 34, 4, 0.2, 1], // more chunks than a workgroup has threads
];

/** Each of `cases` as a processor and as a GPU does it. */
function withEither<T>(cases: readonly T[]): [T, boolean][] {
  return cases.flatMap((one) => [[one, true], [one, false]] as [T, boolean][]);
}

Deno.test("BatchNorm agrees with the float64 reference, forward, running, evaluation and backward", async () => {
  using opened = await openGpu();
  // A GPU and a processor sum by kernels of their own; either runs anywhere.
  for (const [[batch, side, channels, slope, groups], software] of withEither(NORMS)) {
    const gpu = new Gpu(opened.device, { ...opened.summary, software }, opened);
    const rows = batch * side * side;
    const activation = slope === 0 ? "relu" : "leaky";
    const name = `${
      software ? "processor" : "GPU"
    }: ${activation} ${groups} of ${rows} x ${channels}`;
    // Channels far from zero, of different spreads: cancellation would show.
    const x = rounded(randomArray(rows * channels, 1).map((v, i) => 3 + (1 + i % channels) * v));
    const gamma = rounded(randomArray(channels, 2).map((v) => 1 + 0.3 * v));
    const beta = rounded(randomArray(channels, 3));
    const dy = rounded(randomArray(rows * channels, 4));
    const before = rounded(randomArray(2 * channels, 5).map((v) => 1 + Math.abs(v)));
    const gradientsBefore = rounded(randomArray(channels, 6));

    // Group after group, as if each had been a batch.
    const running = { mean: before.slice(0, channels), variance: before.slice(channels) };
    const [y, dx] = [new Float64Array(x.length), new Float64Array(x.length)];
    const [dgamma, dbeta] = [new Float64Array(channels), new Float64Array(channels)];
    for (let group = 0; group < groups; group++) {
      const at = group * x.length / groups;
      const part = (all: Float64Array) => all.subarray(at, at + x.length / groups);
      const statistics = batchStatistics(part(x), channels);
      const out = normActivate(part(x), statistics, { gamma, beta }, activation);
      updateRunning(running, statistics, rows / groups);
      const back = normBackward(part(dy), out, part(x), statistics, { gamma, beta }, activation);
      y.set(out, at);
      dx.set(back.dx, at);
      dgamma.set(sum(dgamma, back.dgamma));
      dbeta.set(sum(dbeta, back.dbeta));
    }

    const norm = new BatchNorm(gpu, { batch, height: side, width: side, channels, slope, groups });
    for (const gradients of ["write", "none"] as const) {
      const result = await runKernels(gpu, {
        x,
        gamma,
        beta,
        dy,
        running: before,
        y: x.length,
        dx: x.length,
        dgamma: gradients === "write" ? channels : gradientsBefore,
        dbeta: gradients === "write" ? channels : gradientsBefore,
      }, (program, s) => {
        norm.recordForward(program, s.x, s, s.running, s.y);
        const into = { gamma: s.dgamma, beta: s.dbeta };
        norm.recordBackward(program, s.x, s.dy, s.dx, gradients, into);
      });
      const left = gradients === "none" ? [gradientsBefore, gradientsBefore] : [dgamma, dbeta];
      assertClose(result.y, y, TOLERANCE, `y ${name}`);
      assertClose(result.running.subarray(0, channels), running.mean, TOLERANCE, `mean ${name}`);
      assertClose(result.running.subarray(channels), running.variance, TOLERANCE, `var ${name}`);
      assertClose(result.dx, dx, TOLERANCE, `dx ${gradients} ${name}`);
      assertClose(result.dgamma, left[0], TOLERANCE, `dgamma ${gradients} ${name}`);
      assertClose(result.dbeta, left[1], TOLERANCE, `dbeta ${gradients} ${name}`);
    }

    // Evaluation knows no groups: its statistics are the running ones.
    const evaluation = new BatchNorm(gpu, { batch, height: side, width: side, channels, slope });
    const evaluated = await runKernels(
      gpu,
      { x, gamma, beta, running: before, y: x.length },
      (program, s) => evaluation.recordEvaluate(program, s.x, s, s.running, s.y),
    );
    const kept = { mean: before.slice(0, channels), variance: before.slice(channels) };
    const expected = normActivate(x, kept, { gamma, beta }, activation);
    assertClose(evaluated.y, expected, TOLERANCE, `evaluation ${name}`);
    assertClose(evaluated.running, before, 0, `running statistics in evaluation ${name}`);
    norm.destroy();
    evaluation.destroy();
  }
});

Deno.test("recordActivationBackward() agrees with the float64 reference", async () => {
  using gpu = await openGpu();
  for (const count of [4, 1020, 17 * 64 * 64 * 4]) {
    const gradient = rounded(randomArray(count, 2));
    for (const [kernel, kind] of [["leaky_relu", "leaky"], ["tanh", "tanh"]] as const) {
      const output = rounded(activate(randomArray(count, 1), kind));
      const { out } = await runKernels(
        gpu,
        { output, gradient, out: count },
        (program, s) =>
          recordActivationBackward(program, kernel, s.output, s.gradient, s.out, count),
      );
      assertClose(out, activationGradient(gradient, output, kind), TOLERANCE, `${kind} ${count}`);
    }
  }
});
