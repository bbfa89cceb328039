import assert from "node:assert/strict";
import { join } from "node:path";
import { openDataset } from "../src/data/mod.ts";
import { loadCheckpoint } from "../src/files/checkpoint_file.ts";
import { openGpu } from "../src/host/open_gpu.ts";
import { readEvaluations } from "../src/run/evaluations.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readRunConfig } from "../src/run/run_config.ts";
import { trainInto } from "../src/run/train_into.ts";
import { Trainer } from "../src/train/trainer.ts";
import { withPictures, writePictures } from "./program.ts";

const SOURCE = { batch: () => ({ pixels: new Uint8Array(2 * 32 * 32 * 3).fill(90) }) };

Deno.test("the listing of a dataset is the same wherever its folder lies, and another without a photo", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writePictures(join(folder, "a"), 3);
    const listing = async (source: string) => {
      await using data = await openDataset({ source, cacheDir: null, size: 32, workers: 1 });
      return data.listing;
    };
    const before = await listing(join(folder, "a"));
    assert.deepEqual(before.map((line) => line.split(" ")[1]), ["0.png", "1.png", "2.png"]);
    await Deno.rename(join(folder, "a"), join(folder, "b"));
    assert.deepEqual(await listing(join(folder, "b")), before);
    await Deno.remove(join(folder, "b", "1.png"));
    assert.deepEqual(await listing(join(folder, "b")), [before[0], before[2]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a resume with other photos says what changed and wants a word for it; other settings are told", async () => {
  const path = await Deno.makeTempDir();
  try {
    using gpu = await openGpu();
    const run = new RunFolder(join(path, "run"));
    const all = Array.from({ length: 20 }, (_, i) => `100 ${i}.png`);
    using first = Trainer.create(gpu, { size: 32, width: 4, batch: 2 });
    const about = (list: readonly string[]) => ({
      samples: 1,
      tensorboard: false,
      photos: { source: "photos", count: list.length, list },
    });
    await Array.fromAsync(trainInto(run, first, SOURCE, { steps: 1, ...about(all) }));
    assert.match((await readRunConfig(run)).photos.digest ?? "", /^[0-9a-f]{64}$/);

    const config = await Deno.readTextFile(run.config);
    const goOn = async (
      steps: number,
      list: readonly string[],
      given: { allowChanges?: boolean; lr?: number } = {},
    ): Promise<string[]> => {
      const checkpoint = await loadCheckpoint(run.checkpoint(steps - 1));
      const { lr } = given;
      using trainer = Trainer.resume(gpu, checkpoint, lr === undefined ? {} : { lr });
      const options = { steps, ...about(list), allowChanges: given.allowChanges ?? false };
      const events = await Array.fromAsync(trainInto(run, trainer, SOURCE, options));
      return events.flatMap((event) => event.kind === "note" ? [event.message] : []);
    };
    const fewer = all.slice(5);
    await assert.rejects(
      goOn(2, fewer),
      /^UserError: the photos are not .*: 5 of 20 are gone or changed; give `allowChanges`.*$/,
    );
    assert.equal(await Deno.readTextFile(run.config), config, "nothing was written");
    const judged = (step: number) =>
      JSON.stringify({ step, swd: { avg: 1 }, floor: 1, ms_ssim: 1, memorised: 0, samples: 1 });
    await Deno.writeTextFile(run.evaluations, `${judged(1)}\n${judged(2)}\n`);
    assert.deepEqual(await goOn(2, all), []);
    // What was judged of steps that are made anew does not outlive them.
    assert.deepEqual((await readEvaluations(run)).map(({ step }) => step), [1]);
    const [told] = await goOn(3, [...fewer, "7 new.png"], { allowChanges: true });
    assert.match(told, /5 of 20 are gone or changed, 1 are new$/);
    assert.deepEqual(await goOn(4, [...fewer, "7 new.png"], { lr: 0.01 }), [
      "From step 3 on the run goes on with lr 0.01 instead of 0.0002",
    ]);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("train --resume notices that photos are gone, and goes on by --allow-changes", () =>
  withPictures(async (folder, train) => {
    const out = join(folder, "run");
    const small = "--size 32 --width 4 --batch 2 --samples 4 --workers 1 --tensorboard off";
    const first = await train(`${small} --steps 1 --out ${out}`);
    assert.equal(first.code, 0, first.stderr);
    const { options } = await readRunConfig(new RunFolder(out));
    // What the preset of this adapter decided, so that another adapter goes on with the same.
    const decided = ["lr", "lr-d", "ema", "upsample", "batch", "width"].map((name) =>
      typeof options[name]
    );
    assert.deepEqual(decided, ["number", "number", "number", "string", "number", "number"]);

    await Deno.remove(join(folder, "photos", "2.png"));
    const refused = await train(`--resume ${out} --steps 2`);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^error: .*: 1 of 6 are gone or changed; give --allow-changes .*\n$/,
    );
    const resumed = await train(`--resume ${out} --steps 2 --allow-changes`);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /1 of 6 are gone or changed\n/);
  }));
