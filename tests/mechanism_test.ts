import assert from "node:assert/strict";
import { openGpu } from "../src/gpu/device.ts";
import { descend, placeAt } from "../src/mechanism/plane.ts";
import { lookAt, type Moment, overall } from "../src/mechanism/history.ts";
import {
  comparedChart,
  gradientsChart,
  historyChart,
  scoresChart,
} from "../src/mechanism/history_charts.ts";
import { boundaryOf, PassProbe, pullsOf, unitOf } from "../src/mechanism/pass.ts";
import { PULL_NAMES, pullAt, PullProbe, PULLS } from "../src/mechanism/pull.ts";
import { LOSS_NAMES, LOSSES } from "../src/ops/loss_table.ts";
import { renderChart } from "../src/plot/chart.ts";
import { Trainer } from "../src/train/trainer.ts";
import { assertClose, randomArray, relativeL2 } from "./numeric.ts";
import {
  createDiscriminator,
  discriminatorBackward,
  discriminatorForward,
} from "./reference/discriminator.ts";
import { createGenerator, generatorForward } from "./reference/generator.ts";
import { lossOf } from "./reference/losses.ts";
import { normalisePixels } from "./reference/layout.ts";
import { discriminatorEntries, generatorEntries, loadEntry } from "./reference/state_dict.ts";

Deno.test("the kernels give each sample the loss and the slope of float64", async () => {
  using gpu = await openGpu();
  const distances = [-7, -2.5, -1, -0.1, 0, 0.3, 1, 2, 6.5];
  for (const name of PULL_NAMES) {
    using probe = new PullProbe(gpu, name, distances.length);
    const { loss, slope } = await probe.probe(distances);
    const expected = distances.map((distance) => pullAt(name, distance));
    assertClose(loss, expected.map(({ loss }) => loss), 1e-5, `${name}, loss`);
    assertClose(slope, expected.map(({ slope }) => slope), 1e-5, `${name}, slope`);
  }
});

Deno.test("a pull's slope is the derivative of its loss by the distance", () => {
  const h = 1e-5;
  for (const name of PULL_NAMES) {
    for (const distance of [-3.3, -0.7, 0.2, 1.9, 4]) {
      const numeric = (pullAt(name, distance + h).loss - pullAt(name, distance - h).loss) / (2 * h);
      assert.ok(Math.abs(numeric - pullAt(name, distance).slope) < 1e-6, `${name} at ${distance}`);
    }
  }
});

Deno.test("least squares draws far samples back to the photos, cross-entropy leaves them", async () => {
  using gpu = await openGpu();
  const samples = [{ along: 0, distance: -3 }, { along: 1, distance: 4 }];
  const ends = async (
    pull: typeof PULL_NAMES[number],
  ) => [...(await descend(gpu, pull, { samples, steps: 40, rate: 0.2 })).distances.at(-1)!];
  const [near, far] = await ends("ls");
  assert.ok(near > 0.4 && near < 1 && far > 1 && far < 1.6, `${near}, ${far}`);
  const [learnt, left] = await ends("bce");
  assert.ok(learnt > 1 && Math.abs(left - 4) < 1e-3, `${learnt}, ${left}`);
  // The form of the original proof pulls where nothing is to be won, and not where it should.
  const [stuck, flown] = await ends("saturating");
  assert.ok(stuck < -2.9 && flown > 20, `${stuck}, ${flown}`);
});

Deno.test("placeAt() keeps the distance from the boundary", () => {
  const [a, b] = [placeAt(2, 0), placeAt(-1, 0)];
  const c = placeAt(0.5, 3);
  const length = Math.hypot(a.x - b.x, a.y - b.y);
  const cross = Math.abs((a.x - b.x) * (c.y - b.y) - (a.y - b.y) * (c.x - b.x));
  assert.ok(Math.abs(cross / length - 3) < 1e-12);
  assert.ok(Math.abs(length - 3) < 1e-12);
});

for (const loss of ["ls", "bce", "hinge"] as const) {
  Deno.test(`PassProbe gives the scores and gradients of float64: ${loss}`, async () => {
    using gpu = await openGpu();
    const settings = { size: 32, width: 8, batch: 3, seed: 3, loss } as const;
    using trainer = Trainer.create(gpu, settings);
    const { size, width, batch, nz, labels } = trainer.settings;
    const checkpoint = await trainer.snapshot();
    const G = createGenerator(width, nz, size, 3);
    const D = createDiscriminator(width, size, 3);
    for (const entry of generatorEntries(G)) {
      loadEntry(entry, checkpoint.tensors.get(`G.${entry.name}`)!.data);
    }
    for (const entry of discriminatorEntries(D)) {
      loadEntry(entry, checkpoint.tensors.get(`D.${entry.name}`)!.data);
    }
    const photos = Uint8Array.from(randomArray(batch * size * size * 3, 1), (v) => 128 + 60 * v);
    const noise = Float32Array.from(randomArray(batch * nz, 2));
    using probe = new PassProbe(gpu, checkpoint);
    await probe.pass(photos, noise.toReversed()); // leaves no trace
    const pass = await probe.pass(photos, noise);

    const real = discriminatorForward(D, normalisePixels(photos));
    assertClose(pass.photos, real.scores, 1e-4, "scores of photos");
    const images = generatorForward(G, Float64Array.from(noise)).images;
    const fake = discriminatorForward(D, images);
    assertClose(pass.pictures, fake.scores, 1e-4, "scores of pictures");
    assert.deepEqual([...pass.pulls.keys()], PULL_NAMES);
    const normsOf = (slopes: Float64Array) => {
      const pixels = discriminatorBackward(D, fake, slopes);
      const each = pixels.length / batch;
      return Float64Array.from(
        { length: batch },
        (_, i) => Math.hypot(...pixels.subarray(i * each, (i + 1) * each)),
      );
    };
    for (const [name, { slopes, norms }] of pass.pulls) {
      const { role, label, sign } = PULLS[name];
      const [boundary, unit] = [boundaryOf(trainer.settings), unitOf(trainer.settings)];
      const expected = pullsOf(loss).includes(name)
        ? lossOf(loss, fake.scores, sign < 0 ? label : labels.target, role).dScores
          .map((ofMean) => sign * batch * ofMean)
        : fake.scores.map((score) => pullAt(name, (score - boundary) / unit).slope / unit);
      assertClose(slopes, expected, 1e-4, `${name}, slopes`);
      assert.ok(relativeL2(norms, normsOf(expected)) < 1e-4, `${name}, norms`);
    }
    const alone = Float64Array.from({ length: batch }, (_, i) => {
      const one = new Float64Array(batch);
      one[i] = 1;
      return normsOf(one)[i];
    });
    assert.ok(relativeL2(pass.sensitivities, alone) < 1e-4, "sensitivities");
  });
}

Deno.test("boundaryOf() lies between the labels, with cross-entropy at a logit of 0", () => {
  const labels = { real: 0.9, fake: 0.1, target: 1 };
  assert.equal(boundaryOf({ loss: "ls", labels }), 0.5);
  assert.equal(boundaryOf({ loss: "bce", labels }), 0);
  assert.equal(boundaryOf({ loss: "hinge", labels: { real: 1, fake: -1, target: 1 } }), 0);
  // What the losses' own labels make of it is what the figure of the losses by themselves assumes.
  for (const loss of LOSS_NAMES) {
    const settings = { loss, labels: LOSSES[loss].labels };
    assert.equal(boundaryOf(settings), PULLS[loss].boundary, loss);
    assert.equal(unitOf(settings), PULLS[loss].steepness, loss);
  }
});

Deno.test("lookAt() counts over batches what the discriminator calls real; a checkpoint without one is refused", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, { size: 32, width: 4, batch: 2 });
  const checkpoint = await trainer.snapshot();
  const photos = { count: 3, data: new Uint8Array(3 * 32 * 32 * 3).fill(90) };
  const moment = await lookAt(gpu, checkpoint, photos, { batches: 3 });
  assert.equal(moment.photos.length, 6);
  assert.equal(moment.pictures.length, 6);
  assert.equal(moment.pulls.ls!.norms.length, 6);
  const real = moment.pictures.filter((score) => score > 0.5).length;
  assert.equal(moment.calledReal, real / 6);
  const weights = { ...checkpoint, tensors: new Map(checkpoint.tensors) };
  weights.tensors.delete("D.main.0.weight");
  await assert.rejects(lookAt(gpu, weights, photos), /holds no discriminator/);
});

Deno.test("what is left of a gradient is counted checkpoint by checkpoint, and drawn", () => {
  const moment = (step: number, pictures: number[], slopes: number[]): Moment => {
    const none = { slope: null, alone: null, batch: null };
    const norms = slopes.map((slope) => 2 * Math.abs(slope));
    const pulled = { slopes, norms, medianCalledReal: 7, medianToldApart: 6, left: none };
    return {
      step,
      loss: "bce",
      boundary: 0,
      calledReal: pictures.filter((score) => score > 0).length / pictures.length,
      photos: [1, 2, 3],
      pictures,
      sensitivities: pictures.map((score) => score > 0 ? 3 : 1),
      pulls: { bce: pulled, saturating: pulled, ls: pulled, hinge: pulled },
    };
  };
  // At the second checkpoint all gradients are 128 times as strong; at the third none is real.
  const history = [
    moment(10, [-2, -1, 1, 1.5, 2], [-0.5, -0.5, -0.25, -0.25, -0.25]),
    moment(20, [-2, -1, 1], [-64, -64, -32]),
    moment(30, [-2, -1, -3], [-8, -8, -8]),
  ];
  const all = overall(history);
  assert.deepEqual([all.pictures, all.calledReal, all.highest], [11, 4, 2]);
  assert.deepEqual(all.left.bce, { slope: 0.5, alone: 1.5, batch: 0.5 });
  assert.deepEqual(overall(history.slice(2)).left.bce, { slope: null, alone: null, batch: null });
  assert.match(renderChart(scoresChart(history, "a run")), /60% called real[\s\S]*0% called real/);
  // Two forms of the run's loss, of every picture a point each.
  assert.equal(renderChart(gradientsChart(history, "a run")).match(/<circle/g)!.length, 2 * 11);
  assert.match(renderChart(historyChart(history, "a run")), /called real/);
});

Deno.test("the comparison draws medians of ranges of scores, in % of each curve's highest", () => {
  const pictures = Array.from({ length: 48 }, (_, i) => i < 24 ? -1 : 1);
  const slopes = pictures.map((score) => score < 0 ? -4 : -1);
  const pulled = {
    slopes,
    norms: slopes.map(Math.abs),
    medianCalledReal: 1,
    medianToldApart: 4,
    left: { slope: 0.25, alone: 0.25, batch: 0.25 },
  };
  const chart = comparedChart([{
    step: 1,
    loss: "ls",
    boundary: 0.5,
    calledReal: 0.5,
    photos: [1],
    pictures,
    sensitivities: pictures.map((score) => score < 0 ? 1 : 2),
    pulls: { bce: pulled, saturating: pulled, ls: pulled, hinge: pulled },
  }], "a run");
  const drawn = chart.panels.map(({ series }) => Array.from(series[0].y));
  assert.deepEqual(drawn, [[100, 25], [100, 50], [100, 25]]);
});
