/**
 * A disk that fills up while a run is written to it.
 *
 * @module
 */

import { join } from "node:path";
import { loadCheckpoint } from "../../src/files/checkpoint_file.ts";
import { RunFolder } from "../../src/run/folder.ts";
import { environmentIn, program, writePictures } from "../../tests/program.ts";
import { dice, type Fault } from "./fault.ts";

const SMALL = "--size 32 --width 4 --batch 2 --samples 4 --workers 1 --steps 60 " +
  "--checkpoint-every 10 --sample-every 5 --keep 100";

/** The fault. */
export const DISK: Fault = {
  name: "disk",
  fault: "the disk that the run is written to fills up: tmpfs of 64 KB to 4 MB",
  happens:
    "one line says so; every checkpoint there is whole, and with room again a resume goes on to the end",
  full: 10,
  async unable() {
    const folder = await Deno.makeTempDir();
    const mounted = await mount(folder, 64).then(() => true, () => false);
    if (mounted) await unmount(folder);
    await Deno.remove(folder);
    return mounted ? undefined : "only root may mount a tmpfs";
  },
  async run({ count, seed, folder, ended }) {
    const env = environmentIn(folder);
    await writePictures(env.FACADEGAN_DATA);
    for (let trial = 0; trial < count; trial++) {
      const disk = join(folder, `disk${trial}`);
      await Deno.mkdir(disk);
      const kilobytes = 64 << (trial % 7);
      await mount(disk, kilobytes + dice(seed, trial)(kilobytes));
      try {
        const run = new RunFolder(join(disk, "run"));
        const args = [...SMALL.split(" "), "--out", run.path];
        const { code, stderr } = await program("train", args, env);
        if (code === 0) {
          ended("there was room");
          continue;
        }
        const lines = stderr.replaceAll(/^warning: [^\n]*\n/gm, "");
        if (code !== 1 || !/^error: cannot write [^\n]*the disk is full[^\n]*\n$/.test(lines)) {
          ended("not said in one line", `status ${code}: ${stderr.slice(0, 400)}`);
          continue;
        }
        for (const step of await run.checkpointSteps()) await loadCheckpoint(run.checkpoint(step));
        await sh("mount", "-o", "remount,size=64m", disk);
        let again = await program("train", ["--resume", run.path, "--steps", "60"], env);
        if (/there is no run in/.test(again.stderr)) again = await program("train", args, env);
        if (/is already at step/.test(again.stderr)) {
          again = await program("runs", ["report", run.path]);
        }
        ended("full, then gone on with", again.code === 0 ? undefined : again.stderr);
      } finally {
        await unmount(disk);
      }
    }
  },
};

async function mount(folder: string, kilobytes: number): Promise<void> {
  await sh("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder);
}

async function unmount(folder: string): Promise<void> {
  await sh("umount", folder);
}

async function sh(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stderr: "piped" }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
