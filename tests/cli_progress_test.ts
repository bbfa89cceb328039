import assert from "node:assert/strict";
import { JsonReporter } from "../src/cli/progress/json.ts";
import { LineReporter } from "../src/cli/progress/lines.ts";
import { clip, LiveReporter } from "../src/cli/progress/live.ts";
import { QuietReporter } from "../src/cli/progress/quiet.ts";
import type { Output, TrainingProgress } from "../src/cli/progress/reporter.ts";

class FakeOutput implements Output {
  text = "";
  errors = "";
  time = 0;
  readonly color = false;
  constructor(readonly width?: number) {}
  write(text: string): void {
    this.text += text;
  }
  writeError(text: string): void {
    this.errors += text;
  }
  writeStyled(text: string): void {
    this.text += text;
  }
  columns(): number | undefined {
    return this.width;
  }
  now(): number {
    return this.time;
  }
}

const PROGRESS: TrainingProgress = {
  step: 30,
  steps: 120,
  epoch: 1.5,
  stepsPerSecond: 2.5,
  imagesPerSecond: 40,
  secondsLeft: 200,
  metrics: { errD: 0.3, errG: 0.85, D_x: 0.78, D_G_z1: 0.21, D_G_z2: 0.15 },
  waitingForPhotos: 0.012,
  waitingForGpu: 0.9,
};
const LINE = "step 30 of 120, epoch 1.5: errD 0.300  errG 0.850  D(x) 0.78  " +
  "D(G(z)) 0.21 -> 0.15; 2.50 steps/s, 40 photos/s, 3 min 20 s left; " +
  "waiting for photos 1%, for the GPU 90%\n";

/** What a terminal shows: knows newlines, cursor up and erase below. */
function screen(text: string): string[] {
  const lines = [""];
  let row = 0;
  // deno-lint-ignore no-control-regex
  for (const [piece, up] of text.matchAll(/\x1b\[(\d+)A|\x1b\[J|\n|[^\x1b\n]+/g)) {
    if (up !== undefined) row -= Number(up);
    else if (piece === "\x1b[J") lines.splice(row, Infinity, "");
    else if (piece === "\n") lines[++row] ??= "";
    else lines[row] += piece;
  }
  return lines;
}

Deno.test("LiveReporter redraws its block in place and lets messages scroll above", () => {
  const output = new FakeOutput(80);
  const reporter = new LiveReporter(output);
  reporter.event("start", "Training on 4 photos");
  reporter.training(PROGRESS);
  reporter.event("sample", "samples of step 30");
  reporter.warning("something is wrong");
  reporter.training({ ...PROGRESS, step: 60 });
  const shown = screen(output.text);
  assert.deepEqual(shown.slice(0, 2), ["Training on 4 photos", "warning: something is wrong"]);
  assert.match(shown[2], /^█+░+ 50% {2}step 60 of 120 {2}epoch 1\.5$/);
  assert.equal(shown[6], "samples of step 30");
  assert.deepEqual(shown.slice(7), [""], "one block, not three");
  reporter.event("done", "Done: 120 steps");
  assert.deepEqual(screen(output.text).slice(6), ["samples of step 30", "Done: 120 steps", ""]);
});

Deno.test("LiveReporter cuts lines to the terminal's width, so that none wraps", () => {
  const output = new FakeOutput(20);
  new LiveReporter(output).training(PROGRESS);
  assert.ok(screen(output.text).every((line) => [...line].length < 20));
  assert.equal(clip("\x1b[1mabcdef\x1b[0m", 3), "\x1b[1mabc\x1b[0m");
});

Deno.test("LiveReporter shows a narrow terminal every word, in place", () => {
  const output = new FakeOutput(40);
  const reporter = new LiveReporter(output);
  for (const step of [30, 60]) reporter.training({ ...PROGRESS, step });
  const lines = screen(output.text);
  assert.ok(lines.every((line) => [...line].length < 40));
  const text = lines.join(" ");
  assert.ok(text.includes("step 60 of 120") && !text.includes("step 30"), "one block");
  for (const end of ["epoch 1.5", "3 min 20 s left", "0.21 -> 0.15", "for the GPU 90%"]) {
    assert.ok(text.includes(end), end);
  }
});

Deno.test("LineReporter writes a plain line every five seconds and at the end", () => {
  const output = new FakeOutput();
  const reporter = new LineReporter(output);
  for (const [seconds, step] of [[0, 30], [2, 31], [4.9, 32], [5, 33], [6, 120]]) {
    output.time = 1000 * seconds;
    reporter.training({ ...PROGRESS, step });
  }
  const lines = output.text.split("\n").slice(0, -1);
  assert.equal(`${lines[0]}\n`, LINE);
  assert.deepEqual(lines.map((line) => Number(/step (\d+)/.exec(line)?.[1])), [30, 33, 120]);
});

Deno.test("LineReporter keeps warnings out of standard output", () => {
  const output = new FakeOutput();
  new LineReporter(output).warning("NaN");
  assert.deepEqual([output.text, output.errors], ["", "warning: NaN\n"]);
});

Deno.test("JsonReporter writes one object a line, metrics among the rest", () => {
  const output = new FakeOutput();
  const reporter = new JsonReporter(output);
  reporter.event("start", "go", { folder: "runs/1" });
  reporter.training(PROGRESS);
  reporter.warning("NaN");
  const lines = output.text.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], { event: "start", message: "go", folder: "runs/1" });
  assert.equal(lines[1].event, "progress");
  assert.deepEqual([lines[1].step, lines[1].errG, lines[1].waitingForGpu], [30, 0.85, 0.9]);
  assert.deepEqual(lines[2], { event: "warning", message: "NaN" });
});

Deno.test("QuietReporter says nothing but warnings", () => {
  const output = new FakeOutput(80);
  const reporter = new QuietReporter(output);
  reporter.event();
  reporter.training();
  reporter.warning("NaN");
  assert.deepEqual([output.text, output.errors], ["", "warning: NaN\n"]);
});

Deno.test("LiveReporter keeps to its own control characters: those of a path or a warning are written out", () => {
  const output = new FakeOutput(120);
  const reporter = new LiveReporter(output);
  reporter.event("start", "photos/\x1b]0;title\x07\x1b[2J\nnext line");
  reporter.warning("skipped a\x1b[31m\r\nwarning: forged");
  assert.equal(
    output.text,
    "photos/\\u001b]0;title\\u0007\\u001b[2J\nnext line\n" +
      "warning: skipped a\\u001b[31m\\u000d\\u000awarning: forged\n",
  );
});
