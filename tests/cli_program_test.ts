import assert from "node:assert/strict";
import { program } from "./program.ts";

Deno.test("--help shows a command's help and no colours in a pipe, status 0", async () => {
  const { code, stdout, stderr } = await program("completions", ["--help"], { NO_COLOR: "" });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /bash, zsh or fish/);
  assert.ok(!stdout.includes("\x1b"));
});

Deno.test("a mistyped option costs one line, a pointer to the help, and status 2", async () => {
  const { code, stdout, stderr } = await program("train", ["--bacth", "3"]);
  assert.deepEqual({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr: 'error: "train" has no option --bacth. Did you mean --batch?\n' +
      "Help: deno task train --help\n",
  });
});

Deno.test("a value out of range, also from the environment, ends with status 2", async () => {
  const { code, stderr } = await program("train", [], { FACADEGAN_WIDTH: "6" });
  assert.equal(code, 2);
  assert.match(stderr, /^error: the environment variable FACADEGAN_WIDTH takes .*multiple of 4/);
  const both = await program("train", ["--steps", "5", "--epochs", "5"]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /^error: Give --steps or --epochs, not both\.\n/);
  const unheld = await program("train", ["--evaluate-every", "5"]);
  assert.equal(unheld.code, 2);
  assert.match(
    unheld.stderr,
    /^error: --evaluate-every judges .*: give --holdout 0\.1 with it\.\n/,
  );
});

Deno.test("things that are not there end with one line and status 1", async () => {
  const cases: [Parameters<typeof program>[0], string[], RegExp][] = [
    ["train", ["--data", "no/such/folder", "--out", "no/such/run"], /no\/such\/folder/],
    ["train", ["--config", "no.toml"], /^error: there is no config file no\.toml\n$/],
    ["train", ["--resume", "no/such/run"], /^error: there is no run in no\/such\/run to resume\n$/],
    ["generate", ["--checkpoint", "no.safetensors"], /^error: there is no checkpoint no\.safe/],
    ["generate", ["--checkpoint", "deno.json"], /^error: deno\.json is not a usable safetensors/],
    ["verify", ["no.safetensors"], /^error: the fixture no\.safetensors cannot be read/],
    ["runs", ["list", "no/such/folder"], /^error: there is no run in no\/such\/folder/],
    ["runs", ["compare", "tests", "docs"], /^error: tests is no run folder/],
  ];
  for (const [task, args, message] of cases) {
    const { code, stderr } = await program(task, args);
    assert.match(stderr, message, args.join(" "));
    assert.equal(stderr.trim().split("\n").length, 1, "one line");
    assert.equal(code, 1, args.join(" "));
  }
});

Deno.test("generate refuses contradictions", async () => {
  const cases: [string, RegExp][] = [
    ["--seed 1 --seeds 1,2", /Give --seed or --seeds, not both/],
    ["--seeds 1,2 --count 3", /--seeds names 2 pictures, --count asks for 3/],
    ["--grid 2x2 --count 5", /--grid 2x2 has no room for 5 pictures/],
    ["--interpolate 1 2 --count 5", /--interpolate A B goes with --frames/],
  ];
  for (const [line, message] of cases) {
    const { code, stderr } = await program("generate", line.split(" "));
    assert.match(stderr, message);
    assert.equal(code, 2);
  }
});

Deno.test("--version names us, Deno and the adapter, also behind a command", async () => {
  const { code, stdout } = await program("doctor", ["--version"]);
  assert.equal(code, 0);
  assert.match(stdout, /^facadegan \d+\.\d+\.\d+\ndeno [\d.]+ \(v8 .*\)\nadapter \S.*\n$/);
});

Deno.test("doctor finds that a small kernel computes right", async () => {
  const { code, stdout, stderr } = await program("doctor", ["--json"]);
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout);
  assert.equal(report.kernel.right, true);
  assert.equal(report.versions.deno, Deno.version.deno);
  assert.ok(report.adapter.name.length > 0 && report.adapter.limits.maxBufferSize > 0);
});

Deno.test("verify passes on the project's own recordings and prints one line of JSON", async () => {
  const { code, stdout } = await program("verify", [
    "tests/fixtures/bce-w4-b4.safetensors",
    "--json",
  ]);
  assert.equal(code, 0);
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  assert.deepEqual(Object.keys(report), [
    "fixture",
    "pass",
    "first_step_err",
    "max_step_err",
    "max_weight_rel_l2",
    "worst_tensor",
    "kernels",
  ]);
  assert.deepEqual(Object.keys(report.kernels), ["accurate", "training"]);
  assert.equal(report.pass, true);
});

Deno.test("bench step prints the time of a step as JSON", async () => {
  const { code, stdout, stderr } = await program(
    "bench",
    "step --batch 2 --width 4 --steps 3 --json".split(" "),
  );
  assert.equal(code, 0, stderr);
  const { batch, width, median_ms, best_ms, adapter } = JSON.parse(stdout);
  assert.deepEqual([batch, width, typeof adapter], [2, 4, "string"]);
  assert.ok(best_ms > 0 && median_ms >= best_ms);
});
