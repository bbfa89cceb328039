import assert from "node:assert/strict";
import { readRunConfig } from "../src/run/run_config.ts";
import { join } from "node:path";
import { removeStrayParts } from "../src/files/atomic.ts";
import { stepOfFile } from "../src/files/checkpoint_file.ts";
import { lastRun, listRuns, RunFolder } from "../src/run/folder.ts";
import { MetricsLog, MetricsReader, readMetrics } from "../src/run/metrics_log.ts";
import { smooth } from "../src/train/smooth.ts";
import { chooseEvenly, coarseToFine } from "../src/run/timeline.ts";
import type { StepMetrics } from "../src/train/metrics.ts";

async function inTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const metrics = (step: number, errD = step / 10): StepMetrics => ({
  step,
  errD,
  errG: 1,
  D_x: 0.5,
  D_G_z1: 0.25,
  D_G_z2: 0.125,
});

Deno.test("listRuns() and lastRun() find runs by number", () =>
  inTemporaryFolder(async (parent) => {
    await assert.rejects(lastRun(parent), /there is no run in .*: run `facadegan train` first/);
    for (const [i, name] of ["1", "2", "10", "named"].entries()) {
      await Deno.mkdir(join(parent, name));
      await Deno.writeTextFile(join(parent, name, "config.json"), "{}");
      await Deno.utime(join(parent, name, "config.json"), 1000 + i, 1000 + (name === "2" ? 99 : i));
    }
    await Deno.mkdir(join(parent, "no-run"));
    const names = (await listRuns(parent)).map(({ path }) => path.slice(parent.length + 1));
    assert.deepEqual(names, ["1", "2", "10", "named"]);
    assert.equal((await lastRun(parent)).path, join(parent, "2"));
  }));

Deno.test("RunFolder lists steps in their order and names its newest checkpoint", () =>
  inTemporaryFolder(async (path) => {
    const folder = new RunFolder(path);
    await assert.rejects(folder.lastCheckpoint(), /holds no checkpoint/);
    await Deno.mkdir(join(path, "checkpoints"));
    for (const step of [20, 3, 100]) await Deno.writeTextFile(folder.checkpoint(step), "");
    await Deno.writeTextFile(join(path, "checkpoints", "notes.txt"), "");
    assert.deepEqual(await folder.checkpointSteps(), [3, 20, 100]);
    assert.equal(stepOfFile(await folder.lastCheckpoint()), 100);
    assert.equal(stepOfFile("renamed.safetensors"), undefined);
  }));

Deno.test("MetricsLog goes on where a resumed run does, and drops a line cut short", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    const log = await MetricsLog.open(path, 0);
    await log.append([0, 1, 2, 3].map((step) => metrics(step)));
    await Deno.writeTextFile(path, '{"step":4,"er', { append: true });
    const again = await MetricsLog.open(path, 3);
    await again.append([metrics(3, 0.75)]);
    assert.deepEqual(await readMetrics(path), [
      metrics(0),
      metrics(1),
      metrics(2),
      metrics(3, 0.75),
    ]);
  }));

Deno.test("MetricsReader reads what was added, waits for whole lines, and starts anew with a new file", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    const reader = new MetricsReader(path);
    const steps = async (): Promise<number[]> => (await reader.read()).map(({ step }) => step);
    assert.deepEqual(await steps(), []);
    const log = await MetricsLog.open(path, 0);
    await log.append([metrics(0), metrics(1)]);
    assert.deepEqual(await steps(), [0, 1]);
    // What was read is not read again: damage there goes unnoticed.
    const written = await Deno.readFile(path);
    await Deno.writeFile(path, new Uint8Array(written.length).fill(65));
    const line = `${JSON.stringify(metrics(2))}\n`;
    const [head, tail] = [line.slice(0, 20), line.slice(20)];
    await Deno.writeTextFile(path, head, { append: true });
    assert.deepEqual(await steps(), [0, 1]);
    await Deno.writeTextFile(path, tail, { append: true });
    assert.deepEqual(await Promise.all([steps(), steps()]), [[0, 1, 2], [0, 1, 2]]);
    await Deno.writeTextFile(path, "no JSON\n", { append: true });
    assert.deepEqual(await steps(), [0, 1, 2]);
    assert.deepEqual(await steps(), [0, 1, 2]);
    // A run that is resumed at step 1 replaces the file.
    await Deno.writeFile(path, written);
    await (await MetricsLog.open(path, 1)).append([metrics(1, 0.5)]);
    assert.deepEqual(await steps(), [0, 1]);
    assert.equal((await reader.read())[1].errD, 0.5);
    await Deno.remove(path);
    assert.deepEqual(await steps(), []);
  }));

Deno.test("MetricsLog keeps a NaN as one", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    await (await MetricsLog.open(path, 0)).append([metrics(0, NaN)]);
    assert.match(await Deno.readTextFile(path), /"errD":null/);
    assert.ok(Number.isNaN((await readMetrics(path))[0].errD));
  }));

Deno.test("smooth() starts at the first value and leaves gaps where there is no number", () => {
  assert.deepEqual(smooth([4, 4, 4], 10).map((value) => Math.round(1e9 * value) / 1e9), [4, 4, 4]);
  const [first, gap, last] = smooth([2, NaN, 4], 2);
  assert.equal(first, 2);
  assert.ok(Number.isNaN(gap));
  assert.ok(last > 2 && last < 4);
});

Deno.test("chooseEvenly() keeps the ends", () => {
  const list = Array.from({ length: 11 }, (_, i) => i);
  assert.deepEqual(chooseEvenly(list, 3), [0, 5, 10]);
  assert.deepEqual(chooseEvenly(list, 20), list);
});

Deno.test("readRunConfig() takes a run from before the other sizes for one of 64", async () => {
  const path = await Deno.makeTempDir();
  try {
    const folder = new RunFolder(path);
    const old = { options: {}, train: { width: 16 }, sessions: [] };
    await Deno.writeTextFile(folder.config, JSON.stringify(old));
    assert.equal((await readRunConfig(folder)).train.size, 64);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});

Deno.test("a damaged line of metrics.jsonl costs itself alone, and is told of", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    const lines = [0, 1, 2, 3, 4].map((step) => JSON.stringify(metrics(step)));
    lines[1] = "\u0000\u0000{]";
    lines[3] = '{"step":3}';
    await Deno.writeTextFile(path, `${lines.join("\n")}\n{"step":5,"er`);
    const told: string[] = [];
    await MetricsLog.open(path, 5, (line) => told.push(line));
    assert.deepEqual((await readMetrics(path)).map(({ step }) => step), [0, 2, 4]);
    assert.match(told.join(), /metrics\.jsonl: 2 damaged lines are left out$/);
    await MetricsLog.open(path, 5, (line) => assert.fail(line));
  }));

Deno.test("removeStrayParts() removes what a killed process left unfinished and nothing else", () =>
  inTemporaryFolder(async (folder) => {
    const names = [`.${crypto.randomUUID()}.part`, "photo.part", ".hidden"];
    for (const name of names) await Deno.writeTextFile(join(folder, name), "");
    await removeStrayParts(folder);
    await removeStrayParts(join(folder, "missing"));
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assert.deepEqual(left.toSorted(), [".hidden", "photo.part"]);
  }));

Deno.test("coarseToFine() names each number once, and whatever came first is spread over all", () => {
  for (const count of [0, 1, 2, 3, 7, 40]) {
    const order = coarseToFine(count);
    assert.deepEqual(order.toSorted((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
  }
  assert.deepEqual(coarseToFine(9).slice(0, 3), [8, 0, 5]);
  const half = coarseToFine(40).slice(0, 20).sort((a, b) => a - b);
  const gaps = half.slice(1).map((at, i) => at - half[i]);
  assert.ok(Math.max(...gaps) <= 4, `gaps ${gaps}`);
});
