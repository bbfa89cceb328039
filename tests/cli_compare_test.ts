import assert from "node:assert/strict";
import { join } from "node:path";
import { COMPARED, read, withPhotos } from "./comparisons.ts";
import { readPng } from "./independent_reader.ts";
import { RunFolder } from "../src/run/folder.ts";

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
    const cross = COMPARED.replace("ls,bce", "bce");
    assert.equal((await compare(`${cross} --steps 3 --out ${straight}`)).code, 0);
    for (const name of ["bce-seed1", "bce-seed2"]) {
      const checkpoint = (of: string) => Deno.readFile(new RunFolder(join(of, name)).checkpoint(3));
      assert.deepEqual(await checkpoint(out), await checkpoint(straight), name);
    }
    type Variant = { name: string; over_seeds: { swd: unknown } };
    const swd = async (of: string) =>
      (await read(of)).variants.find(({ name }: Variant) => name === "bce").over_seeds.swd;
    assert.deepEqual(await swd(out), await swd(straight));

    const nothing = await compare(`${COMPARED} --steps 3 --out ${out}`);
    assert.match(nothing.stdout, /Run 1 of 4: ls, seed 1: done before/);
    assert.doesNotMatch(nothing.stdout, /Training on|judged/);
    const other = await compare(`${COMPARED} --steps 3 --nz 8 --out ${out}`);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /holds a run with --nz 100, not 8: choose another --out/);
  }));
