/**
 * Each signal, once or twice, in each phase of a training.
 *
 * @module
 */

import { join } from "node:path";
import { RunFolder } from "../../src/run/folder.ts";
import { loadCheckpoint } from "../../src/files/checkpoint_file.ts";
import { command, environmentIn, writePictures } from "../../tests/program.ts";
import type { Fault } from "./fault.ts";

const STATUSES = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const;

/** What a phase is told by, and the steps that make it last. */
const PHASES = [
  ["start", "", 1_000_000],
  ["photos", '"event":"work","what":"decoding"', 1_000_000],
  ["training", '"event":"progress"', 1_000_000],
  ["finish", '"event":"checkpoint","message":"checkpoint of step 300:', 300],
] as const;

/** The fault. */
export const SIGNALS: Fault = {
  name: "signals",
  fault:
    "Ctrl-C, SIGTERM or SIGHUP, once or twice: at the start, among the photos, in training, while the report is drawn",
  happens:
    "status 130, 143 or 129; before training nothing is left behind, then a checkpoint is; a second one ends at once",
  full: 24,
  least: 24,
  async run({ count, folder, ended }) {
    const env = environmentIn(folder);
    const photos = env.FACADEGAN_DATA;
    await writePictures(photos);
    for (let i = 6; i < 600; i++) await Deno.copyFile(`${photos}/0.png`, `${photos}/${i}.png`);
    for (let trial = 0; trial < count; trial++) {
      const [signal, status] = STATUSES[trial % 3];
      const [phase, when, steps] = PHASES[Math.floor(trial / 3) % 4];
      const twice = Math.floor(trial / 12) % 2 === 1;
      const run = new RunFolder(join(folder, `run${trial}`));
      const args =
        `--size 32 --width 4 --batch 2 --samples 4 --sample-every 20 --workers 1 --steps ${steps} ` +
        `--log-format json --out ${run.path}`;
      const child = command("train", args.split(" "), {
        ...env,
        FACADEGAN_CACHE: join(folder, `cache${trial}`),
      }).spawn();
      const errors = new Response(child.stderr).text();
      let [text, at] = ["", 0];
      const send = () => {
        try {
          child.kill(signal);
        } catch {
          // It has ended.
        }
      };
      const strike = () => {
        if (at > 0) return;
        at = performance.now();
        send();
        if (twice) setTimeout(send, 100);
      };
      const early = phase === "start" ? setTimeout(strike, 60 + 20 * trial) : undefined;
      const decoder = new TextDecoder();
      for await (const chunk of child.stdout) {
        text += decoder.decode(chunk, { stream: true });
        if (when !== "" && text.includes(when)) strike();
      }
      const { code, signal: by } = await child.status;
      clearTimeout(early);
      const seconds = at === 0 ? 0 : (performance.now() - at) / 1000;
      const err = await errors;
      const ends = phase === "finish" ? [status, 0] : [status];
      // Before the program listens, the system ends it by the signal.
      const early_ = phase === "start" && by === signal;
      const lost = !ends.includes(code) && !early_
        ? `${signal} ${phase}: status ${code} (${by}), ${err.slice(0, 300)}`
        : /^\s+at /m.test(err)
        ? err
        : seconds > 20
        ? `${signal} ${phase}: took ${seconds.toFixed(1)} s`
        : await leftBehind(run, phase, twice);
      if (at === 0) ended("ended before the signal", `${phase}: ${text.slice(-300)}`);
      else ended(`${phase}${twice ? ", twice" : ""}`, lost);
    }
  },
};

async function leftBehind(
  run: RunFolder,
  phase: string,
  twice: boolean,
): Promise<string | undefined> {
  const there = await Deno.stat(run.path).then(() => true, () => false);
  if (phase === "start" || phase === "photos") {
    // What the system ends at once, before the program listens, cannot tidy up; the lock dies with it.
    if (!there) return undefined;
    const names = [...Deno.readDirSync(run.path)].map(({ name }) => name);
    return phase === "photos" ? `${run.path} stayed: ${names.join()}` : undefined;
  }
  const steps = await run.checkpointSteps();
  if (steps.length === 0) return twice ? undefined : `no checkpoint in ${run.path}`;
  await loadCheckpoint(run.checkpoint(steps.at(-1)!));
  return undefined;
}
