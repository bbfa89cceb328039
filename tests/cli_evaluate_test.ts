import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeOnnx } from "../src/format/onnx.ts";
import { featurePackagesAreThere } from "./feature_packages.ts";
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
    // KID and FID, by a network that says how red, green and blue a picture is.
    const network = join(folder, "colours.onnx");
    await Deno.writeFile(
      network,
      encodeOnnx({
        name: "colours",
        nodes: [{ operator: "GlobalAveragePool", inputs: ["x"], output: "y" }],
        weights: new Map(),
        inputs: [{ name: "x", shape: ["n", 3, 32, 32] }],
        outputs: [{ name: "y", shape: ["n", 3, 1, 1] }],
        producer: ["facadegan tests", "1"],
      }),
    );
    const asked = ["--checkpoint", run, "--samples", "6", "--json", "--features"];
    const wrongTask = await program("evaluate", [...asked, network], env);
    assert.deepEqual([wrongTask.code, wrongTask.stdout], [2, ""]);
    assert.match(wrongTask.stderr, /: deno task evaluate-features --features /);
    const missing = await program("evaluate-features", [...asked, "none.onnx"], env);
    assert.deepEqual([missing.code, missing.stderr], [1, "error: there is no network none.onnx\n"]);
    if (await featurePackagesAreThere()) {
      const { code, stdout, stderr } = await program("evaluate-features", [...asked, network], env);
      assert.equal(code, 0, stderr);
      const { kid, kid_floor, fid, fid_floor, features, ...rest } = JSON.parse(stdout);
      assert.deepEqual(rest, result);
      assert.equal(features, 3);
      assert.ok(kid > kid_floor && fid > fid_floor, stdout);
      const wrong = await program("evaluate-features", [...asked, join(run, "config.json")], env);
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /^error: .*config.json is no network in the ONNX format: .*\n$/);
    }
    assert.match(await evaluate("--holdout", "0"), /judged by 20 photos \(none known to be held/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
