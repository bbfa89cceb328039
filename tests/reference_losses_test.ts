import assert from "node:assert/strict";
import { adamUpdate, createParameter, updateAverage } from "./reference/adam.ts";
import { normalisePixels, permute, resizeChannels } from "./reference/layout.ts";
import { inverseAxes } from "./reference/layout.ts";
import { LOSS_NAMES } from "../src/ops/loss_table.ts";
import { lossOf } from "./reference/losses.ts";
import { assertClose, assertGradient, randomArray } from "./numeric.ts";

Deno.test("every loss has its gradient by finite differences, in either role", () => {
  for (const label of [0, 1, 0.9, -1]) {
    for (const loss of LOSS_NAMES) {
      if (loss === "hinge" && Math.abs(label) !== 1) continue;
      for (const role of ["discriminator", "generator"] as const) {
        // One score beyond the hinge has no gradient at all.
        for (const batch of loss === "hinge" ? [17] : [1, 17]) {
          const scores = randomArray(batch, 1).map((value) => 3 * value);
          const { dScores } = lossOf(loss, scores, label, role);
          const what = `${loss} of the ${role}, label ${label}`;
          assertGradient((s) => lossOf(loss, s, label, role).loss, scores, dScores, what);
        }
      }
    }
  }
});

Deno.test("crossEntropy() is the textbook's formula where that does not overflow", () => {
  const scores = [-3, -0.1, 0, 0.5, 4];
  const p = scores.map((s) => 1 / (1 + Math.exp(-s)));
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  for (const label of [0, 0.9, 1]) {
    const { loss, score } = lossOf("bce", scores, label);
    const expected = mean(p.map((q) => -label * Math.log(q) - (1 - label) * Math.log(1 - q)));
    assertClose([loss, score], [expected, mean(p)], 1e-14, `label ${label}`);
  }
});

Deno.test("crossEntropy() stays finite and exact for huge logits", () => {
  const { loss, score, dScores } = lossOf("bce", [1000, -1000], 0);
  assert.deepEqual([loss, score, [...dScores]], [500, 0.5, [0.5, 0]]);
});

Deno.test("adamUpdate() takes the steps that the paper's algorithm gives by hand", () => {
  const parameter = createParameter(1);
  const options = { lr: 0.1, beta1: 0.5, beta2: 0.75 };
  parameter.gradient[0] = 2;
  adamUpdate(parameter, 1, options); // corrected moments 2 and 4: the quotient is 1
  assertClose(parameter.value, [-0.1], 1e-8, "first step");
  parameter.gradient[0] = -2;
  adamUpdate(parameter, 2, options); // m = -0.5 over 0.75, v = 1.75 over 0.4375
  assertClose(parameter.value, [-0.1 + 0.1 * (0.5 / 0.75) / 2], 1e-8, "second step");
});

Deno.test("updateAverage() keeps the share it is told to keep", () => {
  const average = Float64Array.of(1, 2);
  updateAverage(average, [3, 2], 0.75);
  assert.deepEqual([...average], [1.5, 2]);
});

Deno.test("permute() with inverseAxes() gives back what it was given", () => {
  const data = randomArray(2 * 3 * 4 * 5, 1);
  const axes = [2, 3, 1, 0];
  const there = permute(data, [2, 3, 4, 5], axes);
  assert.equal(there[1], data[3 * 4 * 5], "the last axis is the first one of before");
  assert.deepEqual(permute(there, [4, 5, 3, 2], inverseAxes(axes)), data);
});

Deno.test("resizeChannels() pads pixels with zeros and cuts them down again", () => {
  const padded = resizeChannels([1, 2, 3, 4, 5, 6], 3, 4);
  assert.deepEqual([...padded], [1, 2, 3, 0, 4, 5, 6, 0]);
  assert.deepEqual([...resizeChannels(padded, 4, 3)], [1, 2, 3, 4, 5, 6]);
});

Deno.test("normalisePixels() maps 0 to -1 and 255 to 1", () => {
  assert.deepEqual([...normalisePixels([0, 255])], [-1, 1]);
});
