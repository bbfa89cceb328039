import assert from "node:assert/strict";
import { join } from "node:path";
import { RunFolder } from "../src/run/folder.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { command, environmentIn, program, withPictures } from "./program.ts";

const SMALL = "--size 32 --width 4 --batch 2 --samples 4 --workers 1";

/** Trains without an end, sends a signal once a line says what to wait for; what it wrote and its status. */
async function signalled(
  folder: string,
  line: string,
  signal: Deno.Signal,
  when = '"event":"progress"',
): Promise<{ readonly code: number; readonly text: string }> {
  const args = `${SMALL} --steps 1000000 ${line} --log-format json`.split(" ");
  const child = command("train", args, environmentIn(folder)).spawn();
  let [text, sent] = ["", false];
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    text += decoder.decode(chunk, { stream: true });
    if (sent || !text.includes(when)) continue;
    child.kill(signal);
    sent = true;
  }
  const { code } = await child.status;
  await child.stderr.cancel();
  return { code, text };
}

for (
  const [signal, status, what] of [
    ["SIGINT", 130, "Ctrl-C"],
    ["SIGTERM", 143, "being asked to end"],
    ["SIGHUP", 129, "a closed terminal"],
  ] as const
) {
  Deno.test(`${what} saves a checkpoint, says how to go on, and ends with status ${status}`, () =>
    withPictures(async (folder, train) => {
      const out = join(folder, "run");
      const { code, text } = await signalled(folder, `--out ${out}`, signal);
      assert.equal(code, status, text);
      const { step, resume } = JSON.parse(text.trim().split("\n").at(-1) ?? "");
      const run = new RunFolder(out);
      assert.deepEqual(await run.checkpointSteps(), [step]);
      assert.equal(resume, `deno task train --resume ${out}`);
      await assert.rejects(Deno.stat(run.lock), Deno.errors.NotFound);
      const resumed = await train(`--resume ${out} --steps ${step + 1}`);
      assert.equal(resumed.code, 0, resumed.stderr);
    }));
}

Deno.test("Ctrl-C before training leaves no run folder behind", () =>
  withPictures(async (folder) => {
    const out = join(folder, "run");
    // Photos enough that they are still being decoded when the signal comes.
    const { FACADEGAN_DATA: photos } = environmentIn(folder);
    for (let i = 6; i < 1500; i++) await Deno.copyFile(`${photos}/0.png`, `${photos}/${i}.png`);
    const { code } = await signalled(folder, `--out ${out}`, "SIGINT", '"event":"work"');
    assert.equal(code, 130);
    await assert.rejects(Deno.stat(out), Deno.errors.NotFound);
  }));

Deno.test("a run killed before its first checkpoint begins anew by --resume, with its own settings", () =>
  withPictures(async (folder, train) => {
    const out = join(folder, "run");
    await signalled(folder, `--seed 7 --out ${out}`, "SIGKILL");
    const run = new RunFolder(out);
    await Deno.remove(join(out, "checkpoints"), { recursive: true }).catch(() => {});
    const again = await train(`--steps 2 --out ${out}`);
    assert.match(again.stderr, /already holds a run: go on with it by --resume/);
    const resumed = await train(`--resume ${out} --steps 2`);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stdout, /seed 7/);
    assert.deepEqual(await run.checkpointSteps(), [2]);
    assert.deepEqual((await readMetrics(run.metrics)).map(({ step }) => step), [0, 1]);
  }));

Deno.test("train whose device is lost says so in a line and goes on on a fresh one", () =>
  withPictures(async (folder) => {
    const out = join(folder, "run");
    const args = `${SMALL} --steps 30 --checkpoint-every 5 --sample-every 30 --out ${out}`.split(
      " ",
    );
    const preload = `--preload=${new URL("lose_device.ts", import.meta.url).pathname}`;
    const { code, stderr } = await command("train", args, environmentIn(folder), [preload])
      .output();
    const told = new TextDecoder().decode(stderr);
    assert.equal(code, 0, told);
    assert.match(told, /^warning: At step \d+ the GPU's device was lost: .* on a fresh one$/m);
    const run = new RunFolder(out);
    assert.equal((await run.checkpointSteps()).at(-1), 30);
    assert.equal((await readMetrics(run.metrics)).length, 30);
    assert.match(await Deno.readTextFile(run.report), /device was lost/);
  }));

Deno.test("a damaged newest checkpoint is told of, and train and generate take the one before it", () =>
  withPictures(async (folder, train) => {
    const out = join(folder, "run");
    const first = await train(
      `${SMALL} --steps 4 --checkpoint-every 2 --sample-every 2 --out ${out}`,
    );
    assert.equal(first.code, 0, first.stderr);
    const run = new RunFolder(out);
    const newest = await Deno.readFile(run.checkpoint(4));
    newest[newest.length - 9] ^= 1;
    await Deno.writeFile(run.checkpoint(4), newest);

    const told = /step_0000004\.safetensors .*; the checkpoint before it is used instead\n/;
    const picture = join(folder, "a.png");
    const drawn = await program("generate", ["--checkpoint", out, "--out", picture]);
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.match(drawn.stderr, told);
    assert.match(drawn.stdout, /step 2\)/);
    const resumed = await train(`--resume ${out} --steps 3`);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, told);
    assert.match(resumed.stdout, /Going on from step 2/);
    assert.deepEqual(await run.checkpointSteps(), [2, 3]);
    await Deno.stat(`${run.checkpoint(4)}.bad`);
    assert.deepEqual((await readMetrics(run.metrics)).map(({ step }) => step), [0, 1, 2]);

    for (const step of [2, 3]) await Deno.truncate(run.checkpoint(step), 100);
    const nothing = await train(`--resume ${out} --steps 5`);
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /error: .*run holds no checkpoint that can be used/);
  }));

Deno.test("a run that is being trained is not trained by a second process", () =>
  withPictures(async (folder, train) => {
    const out = join(folder, "run");
    const args = `${SMALL} --steps 1000000 --out ${out} --log-format json`.split(" ");
    const child = command("train", args, environmentIn(folder)).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; !text.includes('"event":"progress"');) {
      const { value, done } = await reader.read();
      if (done) assert.fail(`ended too soon: ${text}`);
      text += value;
    }
    for (const line of [`--resume ${out}`, `${SMALL} --out ${out}`]) {
      const second = await train(line);
      assert.equal(second.code, 1);
      assert.match(second.stderr, /^error: .*run is being written to by process \d+ on .*\n$/);
    }
    child.kill("SIGKILL");
    await reader.cancel();
    await child.stderr.cancel();
    await child.status;
  }));
