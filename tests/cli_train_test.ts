import assert from "node:assert/strict";
import { join } from "node:path";
import { readPngText } from "../src/image/png_encoder.ts";
import { decodeSafetensors } from "../src/format/safetensors.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { assertSameNumbers, assertSameTensors } from "./numeric.ts";
import { readPng } from "./independent_reader.ts";
import { type Ended, environmentIn, program, withPictures } from "./program.ts";

const TINY = "--width 4 --batch 2 --samples 4 --workers 1 --sample-every 2 --checkpoint-every 2";

/** The same bits, settings and step: tensors first, for their names say more than a byte's place. */
async function assertSameCheckpoint(actual: string, expected: string): Promise<void> {
  const [ours, theirs] = [await Deno.readFile(actual), await Deno.readFile(expected)];
  assertSameTensors(decodeSafetensors(ours).tensors, decodeSafetensors(theirs).tensors);
  assertSameNumbers(ours, theirs, `bytes of ${actual}`);
}

Deno.test("train leaves a run folder, refuses to overwrite it, and goes on with it to the same bits", () =>
  withPictures(async (folder, train) => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    const first = await train(`${TINY} --steps 6 --keep 3 --out ${whole}`);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /Done: 6 steps/);

    const run = new RunFolder(whole);
    assert.deepEqual(await run.sampleSteps(), [0, 2, 4, 6]);
    assert.deepEqual(await run.checkpointSteps(), [2, 4, 6]);
    assert.deepEqual((await readMetrics(run.metrics)).map(({ step }) => step), [0, 1, 2, 3, 4, 5]);
    const sample = await Deno.readFile(run.sample(4));
    const picture = await readPng(sample);
    assert.deepEqual([picture.width, picture.height], [134, 134]);
    const { Seed, Step, Settings } = readPngText(sample);
    assert.deepEqual([Seed, Step, JSON.parse(Settings).width], ["1", "4", 4]);
    for (const file of [run.plot("png"), run.plot("svg"), run.growth, run.report]) {
      assert.ok((await Deno.stat(file)).size > 1000, file);
    }
    const config = JSON.parse(await Deno.readTextFile(run.config));
    assert.deepEqual([config.options.width, config.options.steps, config.photos.count], [4, 6, 6]);
    assert.equal(config.versions.deno, Deno.version.deno);

    const again = await train(`${TINY} --steps 6 --out ${whole}`);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /already holds a run: go on with it by --resume .*\n$/);

    assert.equal((await train(`${TINY} --steps 4 --out ${parts}`)).code, 0);
    const wrong = await train(`--resume ${parts} --width 8 --steps 6`);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /was trained with --width 4, this run has --width 8/);
    const resumed = await train(`--resume ${parts} --steps 6`);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stdout, /Going on from step 4/);
    const other = new RunFolder(parts);
    await assertSameCheckpoint(other.checkpoint(6), run.checkpoint(6));
    const [ours, theirs] = [
      await Deno.readFile(other.sample(6)),
      await Deno.readFile(run.sample(6)),
    ];
    assertSameNumbers(ours, theirs, "bytes of the samples of step 6");
    assert.deepEqual(await readMetrics(other.metrics), await readMetrics(run.metrics));

    const nothing = await train(`--resume ${parts}`);
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /already at step 6: give --steps with a larger number/);
    const early = await train(`--resume ${run.checkpoint(2)} --steps 6`);
    assert.match(early.stderr, /is not the newest checkpoint .*: give --out DIR/);
    const branch = await train(`--resume ${run.checkpoint(2)} --steps 4 --out ${folder}/branch`);
    assert.equal(branch.code, 0, branch.stderr);
    await assertSameCheckpoint(
      new RunFolder(`${folder}/branch`).checkpoint(4),
      run.checkpoint(4),
    );
  }));

Deno.test("generate draws what the checkpoint and the seed say, and runs compares", () =>
  withPictures(async (folder, train) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    assert.equal((await train(`${TINY} --steps 2 --out ${a}`)).code, 0);
    assert.equal((await train(`${TINY} --steps 3 --seed 5 --out ${b}`)).code, 0);
    const at = (name: string): string => join(folder, name);
    const draw = (line: string): Promise<Ended> =>
      program("generate", ["--checkpoint", a, ...line.split(" ")]);

    const grid = await draw(
      `--count 4 --out ${at("g.png")} --save-tensors ${at("t.safetensors")} --singles ${at("s")}`,
    );
    assert.equal(grid.code, 0, grid.stderr);
    assertSameNumbers(
      (await readPng(await Deno.readFile(at("g.png")))).data,
      (await readPng(await Deno.readFile(new RunFolder(a).sample(2)))).data,
      "the run's own last samples",
    );
    const { tensors } = decodeSafetensors(await Deno.readFile(at("t.safetensors")));
    assert.deepEqual([...tensors].map(([name, { shape }]) => [name, shape]), [
      ["noise", [4, 100, 1, 1]],
      ["images", [4, 3, 64, 64]],
    ]);
    const single = await Deno.readFile(at("s/0002.png"));
    assert.equal(readPngText(single).Seed, "1, picture 2");

    const large = await draw(
      `--seeds 3,9 --grid 1x2 --upscale 2 --filter nearest --out ${at("l.png")}`,
    );
    assert.equal(large.code, 0, large.stderr);
    const { width, height } = await readPng(await Deno.readFile(at("l.png")));
    assert.deepEqual([width, height], [262, 132]);

    const walk = await draw(`--interpolate 3 9 --frames 5 --out ${at("w.gif")} --weights current`);
    assert.equal(walk.code, 0, walk.stderr);
    const gif = await Deno.readFile(at("w.gif"));
    assert.equal(new TextDecoder().decode(gif.subarray(0, 6)), "GIF89a");
    assert.equal(readPngText(await Deno.readFile(at("w.png"))).Seed, "3 to 9");

    const list = await program("runs", ["list", folder, "--json"]);
    assert.deepEqual(JSON.parse(list.stdout).map(({ steps }: { steps: number }) => steps), [2, 3]);
    const compared = await program("runs", ["compare", a, b, "--out", at("c.png"), "--json"]);
    assert.equal(compared.code, 0, compared.stderr);
    const { differences } = JSON.parse(compared.stdout);
    assert.deepEqual(differences.seed, [1, 5]);
    assert.equal(differences.width, undefined);
    assert.ok((await Deno.stat(at("c.svg"))).size > 1000);
  }));

Deno.test("train, --resume, generate and inspect follow the size that a run was started with", () =>
  withPictures(async (folder, train) => {
    const out = join(folder, "small");
    assert.equal((await train(`${TINY} --size 32 --steps 2 --out ${out}`)).code, 0);
    const resumed = await train(`--resume ${out} --steps 4`);
    assert.match(resumed.stdout, /size 32, width 4/, resumed.stderr);
    const run = new RunFolder(out);
    const sample = await readPng(await Deno.readFile(run.sample(4)));
    assert.deepEqual([sample.width, sample.height], [70, 70], "two by two pictures of 32 pixels");
    const other = await train(`--resume ${out} --steps 6 --size 64`);
    assert.match(other.stderr, /trained with --size 32, this run has --size 64/);
    const at = (name: string): string => join(folder, name);
    const drawn = await program(
      "generate",
      `--checkpoint ${out} --count 1 --out ${at("1.png")}`.split(" "),
    );
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.equal((await readPng(await Deno.readFile(at("1.png")))).width, 36);
    const seen = await program(
      "dataset",
      ["inspect", at("photos"), "--size", "32", "--sheet", at("s.png"), "--json"],
      environmentIn(folder),
    );
    assert.equal(seen.code, 0, seen.stderr);
    assert.equal((await readPng(await Deno.readFile(at("s.png")))).height % 34, 2);
  }));
