import assert from "node:assert/strict";
import { join } from "node:path";
import { readPng } from "./independent_reader.ts";
import { RunFolder } from "../src/run/folder.ts";
import { command, type Ended, environmentIn, program, writePictures } from "./program.ts";

const TINY = "--size 32 --width 4 --batch 2 --samples 4 --tensorboard off --holdout 0.3";
const COMPARED = `${TINY} --losses ls,bce --seeds 1,2 --judge-samples 6`;

async function withPhotos(
  body: (folder: string, compare: (line: string) => Promise<Ended>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const env = environmentIn(folder);
  try {
    await writePictures(join(folder, "photos"), 20);
    await body(folder, (line) => program("compare", line.split(" "), env));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const read = async (folder: string) =>
  JSON.parse(await Deno.readTextFile(join(folder, "compare.json")));

Deno.test("compare trains each variant and seed, goes on where it was stopped, and says what differs", () =>
  withPhotos(async (folder, compare) => {
    const out = join(folder, "all");
    const first = await compare(`${COMPARED} --steps 2 --out ${out}`);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /Run 4 of 4: bce, seed 2/);
    const { variants, differences } = await read(out);
    assert.deepEqual(variants.map(({ name }: { name: string }) => name), ["ls", "bce"]);
    assert.deepEqual(differences[0].seeds, [1, 2]);
    const evaluations = variants.flatMap(({ runs }: { runs: { evaluation: unknown }[] }) =>
      runs.map(({ evaluation }) => evaluation)
    );
    for (const { step, samples, swd } of evaluations) {
      assert.deepEqual([step, samples], [2, 6]);
      assert.ok(swd.avg > 0);
    }
    const picture = await readPng(await Deno.readFile(join(out, "compare.png")));
    assert.ok(picture.width > 500 && picture.height > 500);
    // Same weights at the start: what is drawn before training does not depend on the loss.
    const before = (name: string) => Deno.readFile(new RunFolder(join(out, name)).sample(0));
    const pixels = async (name: string) => (await readPng(await before(name))).data;
    assert.deepEqual(await pixels("ls-seed1"), await pixels("bce-seed1"));
    assert.notDeepEqual(await pixels("ls-seed1"), await pixels("ls-seed2"));

    // One run lost altogether, one before its first checkpoint, and more steps for all.
    await Deno.remove(join(out, "ls-seed1"), { recursive: true });
    await Deno.remove(join(out, "bce-seed2", "checkpoints"), { recursive: true });
    const again = await compare(`${COMPARED} --steps 3 --out ${out}`);
    assert.equal(again.code, 0, again.stderr);
    const straight = join(folder, "straight");
    assert.equal((await compare(`${COMPARED} --steps 3 --out ${straight}`)).code, 0);
    for (const name of ["ls-seed1", "bce-seed1", "bce-seed2"]) {
      const checkpoint = (of: string) => Deno.readFile(new RunFolder(join(of, name)).checkpoint(3));
      assert.deepEqual(await checkpoint(out), await checkpoint(straight), name);
    }
    const swds = async (of: string) =>
      (await read(of)).variants.map(({ over_seeds }: { over_seeds: { swd: unknown } }) =>
        over_seeds.swd
      );
    assert.deepEqual(await swds(out), await swds(straight));

    const nothing = await compare(`${COMPARED} --steps 3 --out ${out}`);
    assert.match(nothing.stdout, /Run 1 of 4: ls, seed 1: done before/);
    assert.doesNotMatch(nothing.stdout, /Training on|judged/);
    const other = await compare(`${COMPARED} --steps 3 --nz 8 --out ${out}`);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /holds a run with --nz 100, not 8: choose another --out/);
  }));

Deno.test("the commands of compare plan train the runs of compare, and compare report gathers them", () =>
  withPhotos(async (folder, compare) => {
    const [together, apart] = [join(folder, "together"), join(folder, "apart")];
    const planned = await compare(
      `plan ${COMPARED.replace(/ --judge.*/, "")} --steps 2 --out ${apart}`,
    );
    assert.equal(planned.code, 0, planned.stderr);
    const lines = planned.stdout.trimEnd().split("\n");
    assert.equal(lines.length, 4);
    for (const line of lines) {
      assert.match(line, /^deno task train /);
      // No variables: all that a run needs is in its line.
      const words = line.split(" ").slice(3);
      const { FACADEGAN_CACHE } = environmentIn(folder);
      const { code, stderr } = await command("train", words, { FACADEGAN_CACHE }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
    }
    const gathered = await compare(`report ${apart} --judge-samples 6 --json`);
    assert.equal(gathered.code, 0, gathered.stderr);
    assert.equal((await compare(`${COMPARED} --steps 2 --out ${together}`)).code, 0);
    const strip = (json: { variants: { runs: Record<string, unknown>[] }[] }) =>
      json.variants.map(({ runs }) =>
        runs.map(({ train, evaluation, last_tenth }) => ({ train, evaluation, last_tenth }))
      );
    const sorted = (json: Parameters<typeof strip>[0]) =>
      strip(json).flat().map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sorted(JSON.parse(gathered.stdout)), sorted(await read(together)));

    // Photos that are gone cost the judgement, not the report.
    await Deno.remove(join(folder, "photos"), { recursive: true });
    const blind = await compare(`report ${apart} --judge-samples 7`);
    assert.equal(blind.code, 0, blind.stderr);
    assert.match(blind.stderr, /was not judged: .*photos does not exist/);
    // A damaged run costs itself, and hides no other.
    await Deno.writeTextFile(new RunFolder(join(apart, "ls-seed1")).config, "{");
    const damaged = await compare(`report ${apart} --judge-samples 6`);
    assert.equal(damaged.code, 0, damaged.stderr);
    assert.match(
      damaged.stderr,
      /ls-seed1.config.json is damaged.*; the comparison leaves it out\n/,
    );
    const left = (await read(apart)).variants.map(({ runs }: { runs: unknown[] }) => runs.length);
    assert.deepEqual(left.toSorted(), [1, 2]);
    const none = await compare(`report ${folder}/cache`);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /is no run folder and holds none/);
  }));
