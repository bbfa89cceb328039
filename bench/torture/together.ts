/**
 * Several `train` at once: each gets a folder of its own, or one of them gets the folder.
 *
 * @module
 */

import { join } from "node:path";
import { RunFolder } from "../../src/run/folder.ts";
import { readMetrics } from "../../src/run/metrics_log.ts";
import { command, type Ended, environmentIn, program, writePictures } from "../../tests/program.ts";
import type { Fault } from "./fault.ts";

const STEPS = 20;
const SMALL = "--size 32 --width 4 --batch 2 --samples 4 --workers 1 --quiet".split(" ");

/** The fault. */
export const TOGETHER: Fault = {
  name: "together",
  fault:
    "two or six train start at once: in one folder by default, with one --out, with one --resume",
  happens:
    "by default each has its own run; of one --out or --resume one trains, the others are refused in one line",
  full: 6,
  least: 6,
  async run({ count, folder, ended }) {
    const env = environmentIn(folder);
    await writePictures(env.FACADEGAN_DATA);
    for (let trial = 0; trial < count; trial++) {
      const many = trial % 2 ? 6 : 2;
      const kind = (["default", "--out", "--resume"] as const)[Math.floor(trial / 2) % 3];
      const at = join(folder, `at${trial}`);
      await Deno.mkdir(at);
      const run = new RunFolder(join(at, "run"));
      const settings = [...SMALL, "--steps", String(STEPS)];
      if (kind === "--resume") {
        await program("train", [...SMALL, "--steps", "10", "--out", run.path], env);
      }
      const all = await Promise.all(Array.from({ length: many }, (_, i) => {
        if (kind === "default") return start(at, settings, env);
        if (kind === "--resume") {
          return start(at, ["--resume", run.path, "--steps", String(STEPS)], env);
        }
        return start(at, [...settings, "--seed", String(i), "--out", run.path], env);
      }));
      const lost = await judge(kind, all, at, run);
      ended(`${many} with ${kind === "default" ? "the default folder" : `one ${kind}`}`, lost);
    }
  },
};

async function start(
  cwd: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Ended> {
  const { code, stdout, stderr } = await command("train", args, env, [], cwd).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function judge(
  kind: "default" | "--out" | "--resume",
  all: readonly Ended[],
  at: string,
  run: RunFolder,
): Promise<string | undefined> {
  const done = all.filter(({ code }) => code === 0);
  const refused = all.filter(({ code, stderr }) =>
    code === 1 && /^error: [^\n]+\n$/.test(oneLine(stderr))
  );
  const runs = kind === "default"
    ? all.map((_, i) => new RunFolder(join(at, "runs", String(i + 1))))
    : [run];
  for (const each of runs) {
    const steps = (await readMetrics(each.metrics)).map(({ step }) => step);
    if (steps.join() !== Array.from({ length: STEPS }, (_, i) => i).join()) {
      return `${each.path}: steps ${steps.join()}`;
    }
  }
  if (done.length === runs.length && done.length + refused.length === all.length) return undefined;
  return all.map(({ code, stderr }) => `status ${code}: ${stderr}`).join("; ");
}

/** Without warnings, of which each is a line of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/^warning: [^\n]*\n/gm, "");
}
