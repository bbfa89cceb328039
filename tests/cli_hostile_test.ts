import assert from "node:assert/strict";
import { join } from "node:path";
import { printable, printableLines } from "../src/cli/printable.ts";
import { UserError } from "../src/errors.ts";
import { makeGrid } from "../src/image/image.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readRunConfig } from "../src/run/run_config.ts";
import { DEFAULT_SETTINGS } from "../src/train/settings.ts";
import { program, writePictures } from "./program.ts";

const CONFIG = {
  options: { width: 16 },
  train: { ...DEFAULT_SETTINGS, size: 32 },
  photos: { source: ["/photos"], count: 4 },
  versions: { facadegan: "0", deno: "2" },
  kernels: { "down 1": "direct" },
  adapter: { name: "none", software: true, subgroupSizes: [8] },
  sessions: [{ time: "2026-01-01T00:00:00Z", fromStep: 0, toStep: 3, seconds: 1 }],
};

async function inTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A run folder as a killed process leaves it: settings, metrics, samples, no report. */
async function writeRun(path: string, config: unknown = CONFIG): Promise<RunFolder> {
  const run = new RunFolder(path);
  await Deno.mkdir(join(path, "samples"), { recursive: true });
  await Deno.writeTextFile(run.config, JSON.stringify(config));
  const metrics = [0, 1, 2].map((step) =>
    JSON.stringify({ step, errD: 2e14, errG: 1, D_x: 1, D_G_z1: 0, D_G_z2: 0 })
  );
  await Deno.writeTextFile(run.metrics, `${metrics.join("\n")}\n`);
  const picture = { width: 32, height: 32, data: new Uint8Array(3 * 32 * 32).fill(90) };
  await Deno.writeFile(run.sample(2), encodePng(makeGrid([picture])));
  return run;
}

Deno.test("runs report draws plots, animation and report of a run that was killed, and warns as training did", () =>
  inTemporaryFolder(async (folder) => {
    const run = await writeRun(join(folder, "run"));
    const ended = await program("runs", ["report", run.path]);
    assert.equal(ended.code, 0, ended.stderr);
    const files = [run.plot("png"), run.plot("svg"), run.growth, run.report];
    assert.deepEqual(ended.stdout.trim().split("\n").toSorted(), files.toSorted());
    const page = await Deno.readTextFile(run.report);
    assert.match(page, /3 steps on 4 photos/);
    assert.match(page, /data-step="2"/);
    assert.match(page, /Divergence: at step 0/);
  }));

Deno.test("runs list shows the sound runs beside damaged ones, and names those", () =>
  inTemporaryFolder(async (folder) => {
    await writeRun(join(folder, "1"));
    await writeRun(join(folder, "2"), { options: 3 });
    await writeRun(join(folder, "3"), { ...CONFIG, sessions: [null] });
    const fourth = await writeRun(join(folder, "4"));
    await Deno.remove(fourth.metrics);
    await Deno.mkdir(fourth.metrics);
    const list = await program("runs", ["list", folder, "--json"]);
    assert.equal(list.code, 0, list.stderr);
    assert.deepEqual(JSON.parse(list.stdout).map(({ run }: { run: string }) => run), [
      join(folder, "1"),
    ]);
    const lines = list.stderr.trim().split("\n");
    assert.deepEqual(lines.map((line) => /\/(\d)\//.exec(line)?.[1]), ["2", "3", "4"]);
    for (const line of lines) assert.match(line, /^warning: /);
  }));

Deno.test("a run's config.json with anything changed is read, or refused in one line", () =>
  inTemporaryFolder(async (folder) => {
    const values = [null, 0, -1, "x", true, [], {}, [null], { x: null }, [[]]];
    const run = await writeRun(join(folder, "run"));
    let [read, refused] = [0, 0];
    for (let i = 0; i < 1500; i++) {
      const config = structuredClone(CONFIG) as Record<string, unknown>;
      const [a, b, c] = hash4(i, 5, 7, 9);
      const keys = Object.keys(config);
      const key = keys[a % keys.length];
      const value = values[b % values.length];
      const inner = config[key] as Record<string, unknown>;
      const names = Object.keys(inner);
      if (c % 3 === 0) config[key] = value;
      else if (c % 3 === 1) delete inner[names[c % names.length]];
      else inner[names[c % names.length]] = value;
      await Deno.writeTextFile(run.config, JSON.stringify(config));
      try {
        const { photos, adapter, train, sessions } = await readRunConfig(run);
        assert.equal(typeof photos.count, "number");
        assert.equal(typeof adapter.name, "string");
        assert.ok(Number.isInteger(train.width));
        for (const { time, fromStep } of sessions) assert.ok(time.length + fromStep > 0);
        read++;
      } catch (error) {
        assert.ok(error instanceof UserError, String((error as Error).stack));
        assert.doesNotMatch(error.message, /\n/);
        refused++;
      }
    }
    assert.ok(read > 100 && refused > 500, `${read} read, ${refused} refused`);
  }));

Deno.test("a stranger's file of options cannot say where generate and train write", () =>
  inTemporaryFolder(async (folder) => {
    const victim = join(folder, ".bashrc");
    const config = join(folder, "options.json");
    for (
      const [task, name] of [
        ["generate", "out"],
        ["generate", "save-tensors"],
        ["generate", "singles"],
        ["train", "out"],
      ] as const
    ) {
      await Deno.writeTextFile(config, JSON.stringify({ [name]: victim }));
      const { code, stderr } = await program(task, ["--config", config]);
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(`^error: .*"${name}" says where to write, .* --${name}\\.\n`),
      );
    }
    await assert.rejects(Deno.stat(victim), Deno.errors.NotFound);
  }));

Deno.test("a folder's name where a picture shall be written is one clear line", () =>
  inTemporaryFolder(async (folder) => {
    for (const out of [folder, `${folder}/new/`]) {
      const { code, stderr } = await program("generate", ["--checkpoint", "none", "--out", out]);
      assert.equal(code, 1);
      assert.equal(stderr, `error: cannot write ${out}: it is a folder; give a file's name\n`);
    }
  }));

Deno.test("printable() writes out what a terminal would act on, and leaves every script alone", () => {
  const evil = "a\x1b[2J\x07\x9b1m\u202egnp\u2028b\tc\nd\x7f";
  assert.equal(
    printableLines(evil),
    "a\\u001b[2J\\u0007\\u009b1m\\u202egnp\\u2028b\tc\nd\\u007f",
  );
  assert.equal(printable("b\tc\nd"), "b\\u0009c\\u000ad");
  const fine = "Straße 外墙 🏠 واجهة D(G(z)) █░";
  assert.equal(printable(fine), fine);
  const json = JSON.stringify({ path: evil });
  assert.equal(JSON.parse(printableLines(json)).path, evil, "JSON means the same");
});

Deno.test("control characters of file names reach no terminal: dataset inspect, runs list, errors", () =>
  inTemporaryFolder(async (folder) => {
    const evil = "\x1b]0;owned\x07\nerror: forged";
    await writePictures(join(folder, "photos"));
    await Deno.writeTextFile(join(folder, "photos", `${evil}.png`), "no picture");
    await writeRun(join(folder, "runs", evil));
    await writeRun(join(folder, "runs", `${evil}2`), 3);
    const seen = [
      await program("dataset", ["inspect", join(folder, "photos"), "--sheet", `${folder}/s.png`]),
      await program("runs", ["list", join(folder, "runs")]),
      await program("runs", ["compare", join(folder, evil), join(folder, "b")]),
      await program("generate", ["--checkpoint", join(folder, evil)]),
    ];
    for (const { stdout, stderr } of seen) {
      const text = stdout + stderr;
      assert.ok(text.includes("\\u001b]0;owned\\u0007"), text);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      assert.doesNotMatch(text, /^error: forged/m);
    }
  }));
