/**
 * Kills (SIGKILL) at any moment, and what a resume makes of what is left.
 *
 * @module
 */

import { join } from "node:path";
import { RunFolder } from "../../src/run/folder.ts";
import { command, environmentIn, program, writePictures } from "../../tests/program.ts";
import { dice, type Fault } from "./fault.ts";

const STEPS = 200;
const EVERY = 50;
const SETTINGS =
  `--size 32 --width 4 --batch 2 --samples 4 --workers 1 --seed 5 --steps ${STEPS} ` +
  `--checkpoint-every ${EVERY} --sample-every 100`;

/** The events before which, or the last of which after, a kill comes. */
type Moment = "before the first checkpoint" | "after the last checkpoint" | "between checkpoints";
const MOMENTS: readonly Moment[] = [
  "before the first checkpoint",
  "between checkpoints",
  "after the last checkpoint",
  "between checkpoints",
];

/** The fault. */
export const KILLS: Fault = {
  name: "kills",
  fault: "training is killed (SIGKILL) at a random moment, then resumed",
  happens:
    "weights and metrics are to the bit those of a run that nobody disturbed; the report is drawn",
  full: 100,
  least: 4,
  async run({ count, seed, folder, ended }) {
    const env = environmentIn(folder);
    await writePictures(env.FACADEGAN_DATA);
    const calm = new RunFolder(join(folder, "calm"));
    const { code, stderr } = await program("train", line(calm), env);
    if (code !== 0) throw new Error(stderr);
    for (let trial = 0; trial < count; trial++) {
      const run = new RunFolder(join(folder, `run${trial}`));
      const moment = MOMENTS[trial % MOMENTS.length];
      const random = dice(seed, trial);
      let killed = false;
      for (let attempts = 0; !killed && attempts < 5; attempts++) {
        await Deno.remove(run.path, { recursive: true }).catch(() => {});
        killed = await kill(run, moment, env, random);
      }
      const lost = await goOn(run, calm, env);
      ended(killed ? moment : "ended before the kill", lost && `trial ${trial}: ${lost}`);
      await Deno.remove(run.path, { recursive: true });
    }
  },
};

function line(run: RunFolder): string[] {
  return [...SETTINGS.split(" "), "--out", run.path];
}

/** Trains until the moment; whether the process was alive then. */
async function kill(
  run: RunFolder,
  moment: Moment,
  env: Record<string, string>,
  random: (below: number) => number,
): Promise<boolean> {
  const child = command("train", [...line(run), "--log-format", "json"], env).spawn();
  const text = new Response(child.stderr).text(); // read, or the pipe fills up
  const step = moment === "after the last checkpoint" ? STEPS : EVERY * (1 + random(3));
  const awaited = moment === "before the first checkpoint"
    ? ['"event":"work"', '"event":"start"'][random(2)]
    : `"message":"checkpoint of step ${step}:`;
  let [seen, sent] = ["", false];
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    seen += decoder.decode(chunk, { stream: true });
    if (sent || !seen.includes(awaited)) continue;
    sent = true;
    await new Promise((resolve) => setTimeout(resolve, random(250)));
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  await text;
  return (await child.status).signal === "SIGKILL";
}

/** Resumes, as the messages say, and compares; what was lost. */
async function goOn(
  run: RunFolder,
  calm: RunFolder,
  env: Record<string, string>,
): Promise<string | undefined> {
  let again = await program("train", ["--resume", run.path, "--steps", String(STEPS)], env);
  if (/there is no run in .* to resume/.test(again.stderr)) {
    again = await program("train", line(run), env); // killed before it began
  } else if (/is already at step/.test(again.stderr)) {
    again = await program("runs", ["report", run.path]);
  }
  if (again.code !== 0) return again.stderr;
  for (const path of [(f: RunFolder) => f.checkpoint(STEPS), (f: RunFolder) => f.metrics]) {
    const [a, b] = await Promise.all([Deno.readFile(path(calm)), Deno.readFile(path(run))]);
    if (a.length !== b.length || a.some((byte, i) => byte !== b[i])) return `${path(run)} differs`;
  }
  for (const path of [run.report, run.plot("png"), run.growth]) await Deno.stat(path);
  const names = [run.path, join(run.path, "checkpoints"), join(run.path, "samples")]
    .flatMap((path) => [...Deno.readDirSync(path)].map(({ name }) => name));
  const stray = names.find((name) => /\.part|\.tmp|run\.lock/.test(name));
  return stray && `${stray} stayed`;
}
