/**
 * Run folders of which one file is damaged: `runs list` shows the sound ones beside them, and what a
 * resume reads is read or refused in one line.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../../src/errors.ts";
import { encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { readEvaluations } from "../../src/run/evaluations.ts";
import { RunFolder } from "../../src/run/folder.ts";
import { MetricsLog } from "../../src/run/metrics_log.ts";
import { newestCheckpoint } from "../../src/run/newest_checkpoint.ts";
import { readRunConfig } from "../../src/run/run_config.ts";
import { program } from "../../tests/program.ts";
import { small } from "./checkpoints.ts";
import { damage, damageJson, dice, type Fault } from "./fault.ts";

/** Folders that one `runs list` lists. */
const LISTED = 250;

const EVALUATION = {
  step: 3,
  swd: { avg: 25, 32: 20, 16: 30 },
  floor: 5,
  ms_ssim: 0.2,
  memorised: 0,
  samples: 64,
};

/** The fault. */
export const RUN_FOLDERS: Fault = {
  name: "run-folders",
  fault: "config.json, metrics.jsonl, evaluations.jsonl or a checkpoint of a run folder is damaged",
  happens:
    "runs list shows the sound runs and names the others; a resume reads it or is refused in one line",
  full: 5000,
  least: 20,
  async run({ count, seed, folder, ended }) {
    const checkpoint = encodeCheckpoint(small(seed));
    const { settings } = small(seed);
    for (let start = 0; start < count; start += LISTED) {
      const parent = join(folder, `runs${start}`);
      const runs: [RunFolder, boolean][] = [];
      for (let trial = start; trial < Math.min(count, start + LISTED); trial++) {
        const run = new RunFolder(join(parent, String(trial)));
        await write(run, settings, checkpoint);
        // Every tenth stays sound: it has to be listed in spite of its neighbours.
        const sound = trial % 10 === 0;
        if (!sound) await break_(run, dice(seed, trial));
        runs.push([run, sound]);
      }
      const list = await program("runs", ["list", parent, "--json"]);
      const trace = list.code !== 0 || /^\s+at /m.test(list.stderr);
      const listed = new Set(
        trace ? [] : JSON.parse(list.stdout).map(({ run }: { run: string }) => run),
      );
      const named = list.stderr;
      for (const [run, sound] of runs) {
        const [how, lost] = await resumed(run);
        if (trace) ended("runs list failed", list.stderr.slice(0, 500));
        else if (sound && !listed.has(run.path)) ended("a sound run not listed", run.path);
        else if (!listed.has(run.path) && !named.includes(run.path) && await isRun(run)) {
          ended("neither listed nor named", run.path);
        } else ended(how, lost);
      }
      await Deno.remove(parent, { recursive: true });
    }
  },
};

/** Reads what a resume reads. */
async function resumed(run: RunFolder): Promise<[string, string?]> {
  try {
    await readRunConfig(run);
    await newestCheckpoint(run, () => {});
    const before = await soundLines(run.metrics);
    await MetricsLog.open(run.metrics, 3, () => {});
    const after = await soundLines(run.metrics);
    if (after < before) return ["sound lines of metrics lost", `${before - after} lines`];
    for (const { step, swd, ms_ssim } of await readEvaluations(run)) {
      if (![step, swd.avg, ms_ssim].every(Number.isFinite)) return ["an odd evaluation read", ""];
    }
    return ["gone on with"];
  } catch (error) {
    if (error instanceof UserError && !error.message.includes("\n")) return ["refused in one line"];
    return ["a stack trace", String((error as Error).stack)];
  }
}

/** Without its config.json a folder is no run folder, and passed over like any other. */
function isRun(run: RunFolder): Promise<boolean> {
  return Deno.stat(run.config).then(() => true, () => false);
}

async function soundLines(path: string): Promise<number> {
  return (await Deno.readTextFile(path).catch(() => "")).split("\n").filter(isSound).length;
}

function isSound(line: string): boolean {
  try {
    const { step, errD, errG, D_x, D_G_z1, D_G_z2 } = JSON.parse(line);
    return Number.isSafeInteger(step) && step >= 0 && step < 3 &&
      [errD, errG, D_x, D_G_z1, D_G_z2].every((value) => typeof value === "number");
  } catch {
    return false;
  }
}

async function write(run: RunFolder, train: unknown, checkpoint: Uint8Array): Promise<void> {
  await Deno.mkdir(join(run.path, "checkpoints"), { recursive: true });
  const config = {
    options: { width: 4, size: 32 },
    train,
    photos: { source: ["/photos"], count: 4 },
    versions: { facadegan: "0", deno: "2" },
    kernels: { "down 1": "direct" },
    adapter: { name: "none", software: true, subgroupSizes: [8] },
    sessions: [{ time: "2026-01-01T00:00:00Z", fromStep: 0, toStep: 3, seconds: 1 }],
  };
  const lines = [0, 1, 2].map((step) =>
    `${JSON.stringify({ step, errD: 0.5, errG: 1, D_x: 1, D_G_z1: 0, D_G_z2: 0 })}\n`
  );
  await Promise.all([
    Deno.writeTextFile(run.config, JSON.stringify(config)),
    Deno.writeTextFile(run.metrics, lines.join("")),
    Deno.writeTextFile(run.evaluations, `${JSON.stringify(EVALUATION)}\n`),
    Deno.writeFile(run.checkpoint(60), checkpoint),
  ]);
}

async function break_(run: RunFolder, random: (below: number) => number): Promise<void> {
  const files = [run.config, run.config, run.metrics, run.evaluations, run.checkpoint(60)];
  const path = files[random(files.length)];
  const kind = random(8);
  if (kind === 0) {
    await Deno.remove(path);
    if (random(2)) await Deno.mkdir(path);
    else await Deno.symlink(random(2) ? "nowhere" : run.path, path);
  } else if (kind < 5 && path.includes(".json")) {
    const [first, ...rest] = (await Deno.readTextFile(path)).split("\n");
    const broken = JSON.stringify(damageJson(JSON.parse(first), random)) ?? "";
    await Deno.writeTextFile(path, [broken, ...rest].join("\n"));
  } else {
    await Deno.writeFile(path, damage(await Deno.readFile(path), random));
  }
}
