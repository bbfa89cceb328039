import assert from "node:assert/strict";
import { planRuns } from "../src/cli/actions/compare_plan.ts";
import { COMPARE_PLAN } from "../src/cli/commands/compare.ts";
import { PROGRAM } from "../src/cli/commands/mod.ts";
import { withImpliedCommand } from "../src/cli/declare.ts";
import { createInvocation } from "../src/cli/invocation.ts";
import { parseLine } from "../src/cli/parse_line.ts";
import { resolveOptions } from "../src/cli/resolve.ts";
import { UsageError } from "../src/cli/usage_error.ts";
import { type ComparedRun, sortIntoVariants } from "../src/compare/gather.ts";
import { comparisonPage, inWords } from "../src/compare/page.ts";
import { differences, showSpread, spread } from "../src/compare/statistics.ts";
import { RunFolder } from "../src/run/folder.ts";
import { DEFAULT_SETTINGS, type LossName } from "../src/train/settings.ts";

function plan(line: string) {
  const { options } = parseLine(PROGRAM, ["compare", "plan", ...line.split(" ")]);
  const resolve = () =>
    resolveOptions(COMPARE_PLAN, { commandLine: options, env: () => undefined });
  return planRuns(createInvocation<typeof COMPARE_PLAN>(resolve, []));
}

/** A run with a distance, as if it had been trained. */
function run(seed: number, options: Record<string, unknown>, swd?: number): ComparedRun {
  const loss = (options.loss ?? "ls") as LossName;
  return {
    folder: new RunFolder(`runs/${loss}-${seed}`),
    config: {
      options: { loss, seed, ...options },
      train: { ...DEFAULT_SETTINGS, loss, seed },
      photos: { source: "drawn facades", count: 1 },
      versions: {},
      adapter: { name: "a <fast> one", software: true } as ComparedRun["config"]["adapter"],
      kernels: {},
      sessions: [],
    },
    seed,
    steps: 2,
    seconds: 60,
    metrics: [0, 1].map((step) => ({ step, errD: 1, errG: 2, D_x: 0.7, D_G_z1: 0.2, D_G_z2: 0.1 })),
    evaluations: swd === undefined
      ? []
      : [{ step: 2, swd: { avg: swd }, floor: 30, ms_ssim: 0.1, memorised: 0, samples: 9 }],
  };
}

Deno.test("compare plans a run for each seed, loss and value, whole pairs first", () => {
  const runs = plan("--losses ls,bce --vary lr=1e-4,2e-4 --seeds 4,5 --width 8 --out x");
  assert.deepEqual(runs.map(({ folder }) => folder), [
    "x/ls_lr_0.0001-seed4",
    "x/ls_lr_0.0002-seed4",
    "x/bce_lr_0.0001-seed4",
    "x/bce_lr_0.0002-seed4",
    "x/ls_lr_0.0001-seed5",
    "x/ls_lr_0.0002-seed5",
    "x/bce_lr_0.0001-seed5",
    "x/bce_lr_0.0002-seed5",
  ]);
  assert.deepEqual(runs[2].options, { width: 8, loss: "bce", lr: 1e-4, seed: 4 });
  const labels = plan("--vary labels=1,0,1/1,-1,0 --seeds 1");
  assert.deepEqual(labels.map(({ options }) => options.labels), [[1, 0, 1], [1, -1, 0]]);
});

Deno.test("compare says what is wrong with what is to be compared", () => {
  const wrong: [string, RegExp][] = [
    ["--seeds 1", /what is to be compared/],
    ["--losses ls,hinges", /--losses takes ls, bce or hinge.*did you mean "?hinge/i],
    ["--losses ls,ls", /names a value twice/],
    ["--losses ls,bce --loss ls", /--losses or --loss, not both/],
    ["--vary lr", /takes OPTION=V1,V2/],
    ["--vary lt=1,2", /train has no option "lt".*lr/],
    ["--vary seed=1,2", /give --seeds/],
    ["--vary lr=1e-4,5", /--vary lr takes a number above 0 and up to 1, got "5"/],
    ["--vary width=8,16 --width 8", /--width or --vary width/],
  ];
  for (const [line, message] of wrong) {
    assert.throws(() => plan(line), (error) => {
      assert.ok(error instanceof UsageError, line);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("compare without a further word is compare run, but for help and mistakes", () => {
  const implied = (line: string) => withImpliedCommand(PROGRAM, line.split(" ")).join(" ");
  assert.equal(implied("compare --losses ls,bce"), "compare run --losses ls,bce");
  assert.equal(implied("compare"), "compare run");
  for (const line of ["compare plan --losses ls", "compare --help", "compare reprot", "train"]) {
    assert.equal(implied(line), line);
  }
});

Deno.test("runs are sorted into variants by what differs besides the seed", () => {
  const names = (...runs: ComparedRun[]) =>
    sortIntoVariants(runs).map(({ name, runs }) => `${name}: ${runs.map(({ seed }) => seed)}`);
  const [ls, bce] = ["ls", "bce"].map((loss) => (seed: number) => run(seed, { loss, keep: seed }));
  assert.deepEqual(names(ls(2), bce(2), ls(1)), ["ls: 1,2", "bce: 2"]);
  assert.deepEqual(names(run(1, { lr: 1 }), run(1, { lr: 2 })), ["lr 1: 1", "lr 2: 1"]);
  assert.deepEqual(
    names(run(1, {}), run(1, { labels: [1, -1, 0] }), run(1, { loss: "bce" })),
    ["ls: 1", "ls, labels 1,-1,0: 1", "bce: 1"],
  );
});

Deno.test("spread() is mean and sample deviation, and says nothing of what is not there", () => {
  const { mean, deviation } = spread([2, 4, 9]);
  assert.equal(mean, 5);
  assert.ok(Math.abs(deviation - Math.sqrt(13)) < 1e-12);
  assert.deepEqual([[], [3], [3, 5]].map((values) => showSpread(spread(values))), [
    "-",
    "3.0",
    "4.0 ± 1.4",
  ]);
});

Deno.test("a difference is told seed by seed, and called one only beyond what chance makes of so few", () => {
  const variants = (...swds: number[]) =>
    sortIntoVariants([
      ...[50, 60, 70].map((swd, i) => run(i + 1, {}, swd)),
      ...swds.map((swd, i) => run(i + 1, { loss: "bce" }, swd)),
    ]);
  const [clear] = differences(variants(45, 54, 66));
  assert.deepEqual([clear.variant, clear.seeds, clear.swd.mean], ["bce", [1, 2, 3], -5]);
  assert.equal(clear.beyondChance, true);
  const [unclear] = differences(variants(45, 64, 60));
  assert.equal(unclear.beyondChance, false);
  // 2.2 standard errors, which three seeds make by chance one time in six.
  assert.equal(differences(variants(48, 50, 66))[0].beyondChance, false);
  assert.equal(differences(variants(45, 64))[0].beyondChance, undefined);
  assert.match(inWords(variants(45, 64, 60))[0], /smaller \(better\) by 3\.7 .* no difference/);
  assert.match(inWords(variants(45, 54, 66))[0], /by 5\.0 .* more than chance makes/);
  assert.match(inWords(variants(45))[0], /too few seeds/);
  assert.deepEqual(differences(variants()), []);
});

Deno.test("a comparison's page holds every variant, loads nothing, and escapes what it shows", () => {
  const variants = sortIntoVariants([run(1, {}, 50), run(1, { loss: "bce" }, 40), run(2, {})]);
  const page = comparisonPage(variants, ["<svg></svg>"], ["a <note>"]);
  assert.match(page, /default-src 'none'/);
  assert.match(page, /a &lt;fast&gt; one/);
  assert.match(page, /a &lt;note&gt;/);
  assert.match(page, /<td>bce<\/td><td>1<\/td><td>2<\/td><td>40\.0<\/td>/);
});
