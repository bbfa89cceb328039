import assert from "node:assert/strict";
import { join } from "node:path";
import { COMPARED, read, withPhotos } from "./comparisons.ts";
import { RunFolder } from "../src/run/folder.ts";
import { command, environmentIn } from "./program.ts";

const TWO_RUNS = COMPARED.replace("1,2", "1");

Deno.test("the commands of compare plan train the runs of compare, and compare report gathers them", () =>
  withPhotos(async (folder, compare) => {
    const [together, apart] = [join(folder, "together"), join(folder, "apart")];
    const planned = await compare(
      `plan ${TWO_RUNS.replace(/ --judge.*/, "")} --steps 2 --out ${apart}`,
    );
    assert.equal(planned.code, 0, planned.stderr);
    const lines = planned.stdout.trimEnd().split("\n");
    assert.equal(lines.length, 2);
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
    assert.equal((await compare(`${TWO_RUNS} --steps 2 --out ${together}`)).code, 0);
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
    assert.deepEqual(left, [1]);
    const none = await compare(`report ${folder}/cache`);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /is no run folder and holds none/);
  }));
