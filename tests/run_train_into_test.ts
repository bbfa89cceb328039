import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../src/errors.ts";
import { loadCheckpoint } from "../src/files/checkpoint_file.ts";
import { openGpu } from "../src/host/open_gpu.ts";
import type { PictureSet } from "../src/quality/picture_set.ts";
import { readEvaluations } from "../src/run/evaluations.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { readRunConfig } from "../src/run/run_config.ts";
import { type RunEvent, trainInto } from "../src/run/train_into.ts";
import { JUDGED_PICTURES } from "../src/train/loop.ts";
import { noiseOfSeed } from "../src/train/noise.ts";
import type { GivenSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";

const TINY: GivenSettings = { size: 32, width: 4, batch: 2 };
const SOURCE = { batch: () => ({ pixels: new Uint8Array(2 * 32 * 32 * 3).fill(90) }) };

async function trained(folder: string, trainer: Trainer, steps: number): Promise<RunEvent[]> {
  const options = { steps, samples: 4, tensorboard: false };
  return await Array.fromAsync(trainInto(folder, trainer, SOURCE, options));
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("trainInto() tells what it writes, and refuses a fresh trainer where a run is", () =>
  withFolder(async (folder) => {
    using gpu = await openGpu();
    using trainer = Trainer.create(gpu, TINY);
    const path = join(folder, "run");
    const events = await trained(path, trainer, 2);
    assert.deepEqual([events[0].kind, events.at(-1)?.kind], ["start", "end"]);
    for (const event of events) {
      if (event.kind === "samples" || event.kind === "checkpoint") await Deno.stat(event.path);
    }
    using other = Trainer.create(gpu, TINY);
    await assert.rejects(trained(path, other, 2), UserError);
  }));

Deno.test("trainInto() keeps as many checkpoints as it is told to, the newest", () =>
  withFolder(async (folder) => {
    using gpu = await openGpu();
    for (const keep of [1, 3]) {
      using trainer = Trainer.create(gpu, TINY);
      const path = join(folder, String(keep));
      const options = { steps: 5, samples: 1, checkpointEvery: 1, tensorboard: false, keep };
      await Array.fromAsync(trainInto(path, trainer, SOURCE, options));
      const kept = await new RunFolder(path).checkpointSteps();
      assert.deepEqual(kept, [1, 2, 3, 4, 5].slice(-keep));
    }
  }));

Deno.test("trainInto() goes on in a run that stopped before its first step, and apart from a bare checkpoint", () =>
  withFolder(async (folder) => {
    using gpu = await openGpu();
    const path = join(folder, "run");
    using first = Trainer.create(gpu, TINY);
    await trained(path, first, 0);
    const run = new RunFolder(path);
    using second = Trainer.resume(gpu, await loadCheckpoint(run.checkpoint(0)));
    const options = { steps: 2, samples: 4, before: run };
    const events = await Array.fromAsync(trainInto(run, second, SOURCE, options));
    assert.equal(events.at(-1)?.kind, "end");
    assert.equal((await readRunConfig(run)).sessions.length, 2);

    using third = Trainer.resume(gpu, await loadCheckpoint(run.checkpoint(2)));
    const apart = join(folder, "apart");
    await trained(apart, third, 3);
    const metrics = await readMetrics(new RunFolder(apart).metrics);
    assert.deepEqual(metrics.map(({ step }) => step), [2]);
  }));

Deno.test("trainInto() judges samples on the way, keeps the best state, and trains no differently for it", () =>
  withFolder(async (folder) => {
    using gpu = await openGpu();
    const judged: Uint8Array[] = [];
    const distances = [8, 5, 7, 5, 9]; // after steps 2, 4 and 5, and after 6 and 7
    const judge = (samples: PictureSet) => {
      judged.push(samples.data);
      const avg = distances[judged.length - 1];
      const judgement = {
        swd: { "32": avg, "16": avg, avg },
        floor: 3,
        ms_ssim: 0.2,
        memorised: 0,
      };
      return Promise.resolve(
        { judgement: { ...judgement, samples: samples.count } },
      );
    };
    const evaluate = { every: 2, judge: { judge } };
    const run = new RunFolder(join(folder, "judged"));
    const options = { steps: 5, samples: 4, checkpointEvery: 5 };
    using trainer = Trainer.create(gpu, TINY);
    const events = await Array.fromAsync(trainInto(run, trainer, SOURCE, { ...options, evaluate }));
    const told = events.filter((event) => event.kind === "evaluation");
    assert.deepEqual(
      told.map(({ evaluation, best }) => [evaluation.step, evaluation.swd.avg, best]),
      [[2, 8, run.best], [4, 5, run.best], [5, 7, undefined]],
    );
    const best = await loadCheckpoint(run.best);
    assert.equal(best.stepsDone, 4);
    using drawing = Trainer.resume(gpu, best);
    const { noise } = noiseOfSeed(JUDGED_PICTURES, trainer.settings.nz, 1);
    assert.deepEqual(
      (await drawing.generate(noise)).toPixels(),
      judged[1],
      "it draws what was judged",
    );

    const plain = new RunFolder(join(folder, "plain"));
    using other = Trainer.create(gpu, TINY);
    await Array.fromAsync(trainInto(plain, other, SOURCE, options));
    const [left, right] = await Promise.all(
      [run, plain].map((each) => loadCheckpoint(each.checkpoint(5))),
    );
    assert.deepEqual(left.tensors, right.tensors);

    // Going on: what is as near as the best is no better than it.
    using resumed = Trainer.resume(gpu, left);
    const later = { ...options, steps: 7, before: run, evaluate };
    await Array.fromAsync(trainInto(run, resumed, SOURCE, later));
    assert.deepEqual((await readEvaluations(run)).map(({ step }) => step), [2, 4, 5, 6, 7]);
    assert.equal((await loadCheckpoint(run.best)).stepsDone, 4);
    assert.match(
      await Deno.readTextFile(run.report),
      /best<\/th><td>5\.0 at step 4<.*last<\/th><td>9\.0 at step 7</s,
    );
    assert.match(await Deno.readTextFile(run.plot("svg")), /samples from photos/);
    const logs = (await Array.fromAsync(Deno.readDir(run.events))).map(({ name }) => name);
    const text = new TextDecoder("latin1");
    const tags = await Promise.all(
      logs.map(async (name) => text.decode(await Deno.readFile(join(run.events, name)))),
    );
    for (const tag of ["swd/avg", "swd/floor", "quality/ms_ssim", "quality/memorised"]) {
      assert.ok(tags.every((log) => log.includes(tag)), tag);
    }
  }));

Deno.test("config.json keeps the settings in force, and labels only where they are not the loss's own", () =>
  withFolder(async (folder) => {
    using gpu = await openGpu();
    for (const labels of [undefined, { real: 0.9 }]) {
      const path = join(folder, labels ? "own" : "loss");
      using trainer = Trainer.create(gpu, {
        ...TINY,
        lr: 1e-3,
        ema: 0.9,
        ...(labels ? { labels } : {}),
      });
      await trained(path, trainer, 0);
      const { options } = await readRunConfig(new RunFolder(path));
      assert.deepEqual(options.labels, labels ? [0.9, 0, 1] : undefined);
      assert.deepEqual([options.lr, options.ema, options.size], [1e-3, 0.9, 32]);
      assert.deepEqual(options.betas, [0.5, 0.999]);
    }
  }));
