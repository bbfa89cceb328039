import assert from "node:assert/strict";
import { join } from "node:path";
import { program, writePictures } from "./program.ts";

Deno.test("evaluate prints the issue's JSON, by the photos that its run held out or by all of them", async () => {
  const folder = await Deno.makeTempDir();
  const env = { FACADEGAN_CACHE: join(folder, "cache") };
  const run = join(folder, "run");
  const evaluate = async (...args: string[]) => {
    const ended = await program("evaluate", ["--checkpoint", run, "--samples", "6", ...args], env);
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout;
  };
  try {
    await writePictures(join(folder, "photos"), 20);
    const trained = await program(
      "train",
      ["--data", join(folder, "photos"), "--holdout", "0.3", "--out", run, "--size", "32"]
        .concat(
          "--width 4 --batch 2 --steps 2 --samples 4 --tensorboard off --evaluate-every 1".split(
            " ",
          ),
        ),
      env,
    );
    assert.equal(trained.code, 0, trained.stderr);
    const told = [...trained.stdout.matchAll(
      /step (\d): distance from photos ([\d.]+) \(photos from photos [\d.]+\)(, the best so far)?/g,
    )];
    assert.deepEqual(told.map(([, step]) => step), ["1", "2"]);
    const isBetter = Number(told[1][2]) < Number(told[0][2]);
    assert.equal(told[1][3] !== undefined, isBetter, trained.stdout);
    const config = JSON.parse(await Deno.readTextFile(join(run, "config.json")));
    assert.deepEqual([config.options.holdout, config.options["evaluate-every"]], [0.3, 1]);
    const kept = await Deno.readTextFile(join(run, "evaluations.jsonl"));
    assert.equal(kept.trimEnd().split("\n").length, 2);
    await Deno.stat(join(run, "checkpoints", "best.safetensors"));
    const apart = 20 - config.photos.count;
    assert.ok(apart > 0);

    const result = JSON.parse(await evaluate("--json"));
    assert.deepEqual(Object.keys(result), ["swd", "floor", "ms_ssim", "memorised", "samples"]);
    assert.deepEqual(Object.keys(result.swd).sort(), ["16", "32", "avg"]);
    assert.equal(result.samples, 6);
    assert.ok(result.swd.avg > result.floor && result.floor > 0);
    assert.deepEqual(
      JSON.parse(await evaluate("--json", "--data", join(folder, "photos"))),
      result,
    );
    const nearest = join(folder, "nearest.html");
    const text = await evaluate("--page", nearest);
    assert.match(text, new RegExp(`judged by ${apart} photos held out of training in [\\d.]+ s\n`));
    const page = await Deno.readTextFile(nearest);
    assert.equal(page.match(/<figure/g)?.length, 6);
    const likeness = [...page.matchAll(/<figcaption>(-?[\d.]+)/g)].map(([, number]) => +number);
    assert.deepEqual(likeness, likeness.toSorted((a, b) => b - a));
    assert.match(page, new RegExp(`of the photos trained on \\(${20 - apart}\\)`));
    assert.match(await evaluate("--holdout", "0"), /judged by 20 photos \(none known to be held/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
