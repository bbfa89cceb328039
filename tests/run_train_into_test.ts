import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../src/errors.ts";
import { loadCheckpoint } from "../src/files/checkpoint_file.ts";
import { openGpu } from "../src/host/open_gpu.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { readRunConfig } from "../src/run/run_config.ts";
import { type RunEvent, trainInto } from "../src/run/train_into.ts";
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
