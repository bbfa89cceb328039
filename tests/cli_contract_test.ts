import assert from "node:assert/strict";
import { cliffyHelp } from "../src/cli/cliffy_help.ts";
import { commanderHelp } from "../src/cli/commander_program.ts";
import { PROGRAM } from "../src/cli/commands/mod.ts";
import { type CommandSpec, findCommand } from "../src/cli/declare.ts";
import type { HelpStyle } from "../src/cli/help_style.ts";
import { parseLine } from "../src/cli/parse_line.ts";
import { resolveOptions } from "../src/cli/resolve.ts";
import { UsageError } from "../src/cli/usage_error.ts";
import { loadCliffy } from "../src/deps/cliffy.ts";

const GOOD: [line: string, path: string, options: Record<string, unknown>, args?: string[]][] = [
  ["--version", "", { version: true }],
  ["-V", "", { version: true }],
  ["train", "train", {}],
  ["train --batch 8 --width=32", "train", { batch: "8", width: "32" }],
  ["train --data a --data b", "train", { data: ["a", "b"] }],
  ["train --data a", "train", { data: ["a"] }],
  ["train --resume", "train", { resume: true }],
  ["train --resume runs/1", "train", { resume: "runs/1" }],
  ["train --resume --steps 5", "train", { resume: true, steps: "5" }],
  ["train --labels 1,0,1 -q", "train", { labels: "1,0,1", quiet: true }],
  ["train --labels=-1,1,0", "train", { labels: "-1,1,0" }],
  ["train --labels -1,1,0", "train", { labels: "-1,1,0" }],
  ["train --trim-border --sample-every 3", "train", {
    "trim-border": true,
    "sample-every": "3",
  }],
  ["generate --interpolate 3 8 --frames 9", "generate", {
    interpolate: ["3", "8"],
    frames: "9",
  }],
  ["generate --out - --grid 2x3", "generate", { out: "-", grid: "2x3" }],
  ["verify f.safetensors --json", "verify", { json: true }, ["f.safetensors"]],
  ["verify --json f.safetensors", "verify", { json: true }, ["f.safetensors"]],
  ["bench step --batch 4", "bench step", { batch: "4" }],
  ["runs list", "runs list", {}],
  ["runs compare a b", "runs compare", {}, ["a", "b"]],
  ["setup", "setup", {}],
  ["setup --no-install", "setup", { "no-install": true }],
  ["completions zsh", "completions", {}, ["zsh"]],
];

const BAD: [line: string, message: RegExp][] = [
  ["trian", /^There is no command "trian"\. Did you mean train\?$/],
  ["xyzzy", /^There is no command "xyzzy"\.$/],
  ["--quite", /^facadegan has no option --quite\.$/],
  ["runs", /^"runs" needs a command: list, compare or report\.$/],
  ["runs lst", /^There is no command "lst"\. Did you mean list\?$/],
  ["train --bach 3", /^"train" has no option --bach\. Did you mean --batch\?$/],
  ["train --bach=3", /^"train" has no option --bach\. Did you mean --batch\?$/],
  ["train --batch-size 3", /^"train" has no option --batch-size\. Did you mean --batch\?$/],
  ["train --batch_size=3", /^"train" has no option --batch_size\. Did you mean --batch\?$/],
  ["train --bs 3", /^"train" has no option --bs\. Did you mean --batch\?$/],
  ["train --num 3", /^"train" has no option --num\. Did you mean --samples\?$/],
  ["generate --num 3", /^"generate" has no option --num\. Did you mean --count\?$/],
  ["train --epoch 3", /^"train" has no option --epoch\. Did you mean --epochs\?$/],
  ["train --learning-rate 1", /^"train" has no option --learning-rate\. Did you mean --lr\?$/],
  ["dataset synth d --image-size 9", /has no option --image-size\. Did you mean --size\?$/],
  ["train --no-augment", /^"train" has no option --no-augment\. Did you mean --augment off\?$/],
  ["train --fp16", /^"train" has no option --fp16\. Did you mean --half\?$/],
  ["train --device cuda", /^"train" has no option --device\. The fastest adapter is taken/],
  ["train --gpus 2", /^"train" has no option --gpus\. One adapter computes/],
  ["train -z", /^"train" has no option -z\.$/],
  ["verify --jsno f", /^"verify" has no option --jsno\. Did you mean --json\?$/],
  ["train --batch", /^--batch needs a value: --batch <N>\.$/],
  ["train --batch --width 8", /^--batch needs a value: --batch <N>\.$/],
  ["train --batch 1 --batch 2", /^--batch is given twice\.$/],
  ["train --quiet=yes", /^--quiet takes no value\.$/],
  ["verify -- f", /^"verify" has no option --\.$/],
  ["doctor --version", /^"doctor" has no option --version\.$/],
  ["train photos", /^"train" does not take "photos"\.$/],
  ["verify", /^"verify" needs <FIXTURE>: a recorded run in a safetensors file\.$/],
  ["verify a b", /^"verify" does not take "b"\.$/],
  ["runs compare a", /^"runs compare" needs <B>: another\.$/],
  ["completions bahs", /^<SHELL> is bash, zsh or fish, got "bahs"\. Did you mean bash\?$/],
  ["generate --interpolate 1", /^--interpolate needs a value: --interpolate <A> <B>\.$/],
  ["generate --interpolate 1 2 3", /^"generate" does not take "3"\.$/],
  // From here on the line is well-formed and a value is not.
  ["train --batch x", /^--batch takes a whole number from 1 to 1024, got "x"\.$/],
  ["train --batch 0", /^--batch takes a whole number from 1 to 1024, got "0"\.$/],
  ["train --batch -3", /^--batch takes a whole number from 1 to 1024, got "-3"\.$/],
  ["train --width 6", /^--width takes .* a multiple of 4, got "6"\.$/],
  ["train --lr 0", /^--lr takes a number above 0 and up to 1, got "0"\.$/],
  ["train --lr 0x1", /^--lr takes a number .*, got "0x1"\.$/],
  ["train --loss lsq", /^--loss takes ls, bce or hinge, got "lsq"\. Did you mean ls\?$/],
  ["train --labels 1,0", /^--labels takes 3 numbers .* separated by commas, got "1,0"\.$/],
  ["train --betas 0.5,1", /^--betas takes 2 numbers from 0 and below 1 .*, got "0\.5,1"\.$/],
  ["train --seed 4294967296", /^--seed takes a whole number from 0 to 4294967295, got/],
  ["generate --grid 4by4", /^--grid takes rows x columns such as 4x8, got "4by4"\.$/],
  ["generate --grid 0x4", /^--grid takes rows x columns/],
  ["generate --interpolate a b", /^--interpolate takes two whole numbers .*, got "a b"\.$/],
  ["generate --seeds 1,,2", /^--seeds takes whole numbers .* separated by commas, got "1,,2"\.$/],
];

const split = (line: string): string[] => line.split(" ");

function mistake(line: string): UsageError {
  try {
    const { path, options } = parseLine(PROGRAM, split(line));
    const { command } = findCommand(PROGRAM, path);
    resolveOptions(command, { commandLine: options, env: () => undefined });
  } catch (error) {
    assert.ok(error instanceof UsageError, `${line}: ${error}`);
    return error;
  }
  assert.fail(`${line} was taken`);
}

Deno.test("good lines are taken apart as declared", () => {
  for (const [line, path, options, args = []] of GOOD) {
    const parsed = parseLine(PROGRAM, split(line));
    assert.deepEqual({ ...parsed, options: { ...parsed.options } }, {
      path: path === "" ? [] : split(path),
      options,
      args,
    }, line);
  }
});

Deno.test("bad lines and values are refused in the words declared", () => {
  for (const [line, message] of BAD) assert.match(mistake(line).message, message, line);
});

function flagsIn(help: string): Set<string> {
  // deno-lint-ignore no-control-regex
  return new Set(help.replace(/\x1b\[[0-9;]*m/g, "").match(/(?<=^ {2,}(-\w, )?)--[a-z-]+/gm));
}

function commands(spec: CommandSpec, path: string[] = []): { spec: CommandSpec; path: string[] }[] {
  const below = (spec.commands ?? []).flatMap((sub) => commands(sub, [...path, sub.name]));
  return [{ spec, path }, ...below];
}

type Help = (path: readonly string[], style: HelpStyle) => string;

// Both libraries must say the same of every command, each in its own layout.
function contract(name: string, help: Help | undefined): void {
  Deno.test({
    name: `${name} lists every option, default, variable and example in its help`,
    ignore: help === undefined,
    fn: () => {
      assert.ok(help);
      const program = "deno task";
      for (const { spec, path } of commands(PROGRAM)) {
        const text = help(path, { program, color: false, width: 1000 });
        assert.match(text, new RegExp(`Usage: +${[program, ...path].join(" ")}`));
        const expected = new Set(["--help", ...spec.options.map((option) => `--${option.name}`)]);
        assert.deepEqual(flagsIn(text), expected, path.join(" "));
        for (const option of spec.options) {
          assert.ok(text.includes(option.help), option.name);
          if (option.env) assert.ok(text.includes(option.env), option.env);
          if (option.defaultText) assert.ok(text.includes(option.defaultText), option.defaultText);
          if (option.group) assert.ok(text.includes(`${option.group}:`), option.group);
        }
        for (const { does, line } of spec.examples ?? []) {
          assert.ok(text.includes(does) && text.includes(`deno task ${line}`), line);
        }
        for (const sub of spec.commands ?? []) assert.ok(text.includes(sub.name), sub.name);
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(text, /\x1b/, "no colours unless asked for");
        // deno-lint-ignore no-control-regex
        if (!Deno.noColor) assert.match(help(path, { program, color: true, width: 80 }), /\x1b\[/);
      }
    },
  });
}

const cliffy = await loadCliffy().then(
  (module) => ({ module }),
  (error: Error) => ({ reason: error.message.split("\n")[0] }),
);

contract("commander", (path, style) => commanderHelp(PROGRAM, path, style));
if ("module" in cliffy) {
  contract("Cliffy", (path, style) => cliffyHelp(cliffy.module, PROGRAM, path, style));
} else {
  contract(`Cliffy (skipped, it cannot be loaded: ${cliffy.reason})`, undefined);
}
