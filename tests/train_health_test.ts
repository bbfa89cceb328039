import assert from "node:assert/strict";
import { fillNormal, Purpose } from "../src/random.ts";
import { HealthWatch, sampleDiversity } from "../src/train/health.ts";
import type { StepMetrics } from "../src/train/metrics.ts";

const LS = { loss: "ls", labels: { real: 1, fake: 0, target: 1 } } as const;
const step = (at: number, D_x: number, D_G_z1: number): StepMetrics => ({
  step: at,
  errD: 0.1,
  errG: 0.9,
  D_x,
  D_G_z1,
  D_G_z2: D_G_z1,
});

function kinds(watch: HealthWatch, metrics: readonly StepMetrics[]): string[] {
  return metrics.flatMap((metrics) => watch.step(metrics)?.kind ?? []);
}

Deno.test("HealthWatch stays silent while the scores overlap", () => {
  const metrics = Array.from({ length: 1000 }, (_, i) => step(i, 0.8, 0.2));
  assert.deepEqual(kinds(new HealthWatch(LS, 100), metrics), []);
});

Deno.test("HealthWatch says once that the discriminator has won, and again after a recovery", () => {
  const won = Array.from({ length: 400 }, (_, i) => step(i, 0.99, 0.01));
  const even = Array.from({ length: 200 }, (_, i) => step(i, 0.6, 0.4));
  const watch = new HealthWatch(LS, 100);
  assert.deepEqual(kinds(watch, won), ["discriminator-won"]);
  assert.deepEqual(kinds(watch, even), []);
  assert.deepEqual(kinds(watch, won), ["discriminator-won"]);
});

Deno.test("HealthWatch measures the scores against the labels, with bce against 1 and 0", () => {
  const labels = { real: 1, fake: -1, target: 0 };
  const between = Array.from({ length: 400 }, (_, i) => step(i, 0.97, 0.02));
  assert.deepEqual(kinds(new HealthWatch({ loss: "ls", labels }, 100), between), []);
  assert.deepEqual(kinds(new HealthWatch({ loss: "bce", labels }, 100), between), [
    "discriminator-won",
  ]);
});

Deno.test("HealthWatch says at once that the losses are no numbers, and at which step", () => {
  const watch = new HealthWatch(LS);
  const warning = watch.step({ ...step(17, 0.5, 0.5), errG: NaN });
  assert.equal(warning?.kind, "not-a-number");
  assert.match(warning.message, /At step 17 .*NaN/);
});

Deno.test("HealthWatch notices when the fixed samples become alike", () => {
  const varied = fillNormal(new Float32Array(8 * 300), 1, Purpose.Samples, 0);
  const alike = Float32Array.from(varied, (value, i) => varied[i % 300] + 0.1 * value);
  const watch = new HealthWatch(LS);
  assert.equal(watch.samples(10, varied, 8), undefined);
  const warning = watch.samples(20, alike, 8);
  assert.equal(warning?.kind, "mode-collapse");
  assert.match(warning.message, /step 20 .* \d+% as much/);
  assert.equal(watch.samples(30, alike, 8), undefined, "once is enough");
});

Deno.test("sampleDiversity() is the standard deviation over the pictures", () => {
  assert.equal(sampleDiversity(Float32Array.of(1, 5, 3, 5), 2), 0.5);
  assert.equal(sampleDiversity(Float32Array.of(2, 4, 2, 4, 2, 4), 3), 0);
});

Deno.test("HealthWatch says once that finite losses have run away, and again after a recovery", () => {
  const at = (step: number, errD: number): StepMetrics => ({
    step,
    errD,
    errG: 0.5,
    D_x: 0.5,
    D_G_z1: 0.5,
    D_G_z2: 0.5,
  });
  const run = (errD: number, from: number) =>
    Array.from({ length: 60 }, (_, i) => at(from + i, errD));
  const watch = new HealthWatch(LS);
  assert.deepEqual(kinds(watch, run(0.3, 0)), []);
  assert.deepEqual(kinds(watch, run(400, 60)), [], "a bad stretch is not the end");
  assert.deepEqual(kinds(watch, run(2e14, 120)), ["diverged"]);
  assert.deepEqual(kinds(watch, run(0.3, 180)), []);
  assert.deepEqual(kinds(watch, run(-1e6, 240)), ["diverged"]);
  assert.match(new HealthWatch(LS).step(at(3, 2e14))?.message ?? "", /step 3 .* 2e\+14, .*`lr`/);
});
