/**
 * Odd things asked for: each is told in one clear line, with a status that is not 0 and no stack trace;
 * what is a luxury, such as the cache, is done without.
 *
 * @module
 */

import { join } from "node:path";
import { openDataset } from "../../src/data/mod.ts";
import { UserError } from "../../src/errors.ts";
import { command, type Ended, environmentIn, writePictures } from "../../tests/program.ts";
import type { Fault } from "./fault.ts";

const SMALL = "--size 32 --width 4 --batch 2 --samples 4 --workers 1 --steps 2".split(" ");

/** What is asked for, by what it is called. */
type Odd = (at: Place) => Promise<Ended>;
interface Place {
  readonly folder: string;
  readonly photos: string;
  readonly env: Record<string, string>;
}

const REFUSED: Record<string, Odd> = {
  "--out under /proc": ({ env }) => train(["--out", "/proc/facadegan/run"], env),
  "--out below a file": ({ photos, env }) => train(["--out", join(photos, "0.png", "run")], env),
  "generate --out below /proc": ({ env }) =>
    start("generate", ["--checkpoint", "none", "--out", "/proc/a.png"], env),
  "generate --out dir/": ({ folder, env }) =>
    start("generate", ["--checkpoint", "none", "--out", `${folder}/`], env),
  "standard output on a full disk": ({ folder, env }) => full(["runs", "--help"], folder, env),
  "a FIFO called x.tar": async ({ folder, env }) => {
    const path = join(folder, "x.tar");
    await new Deno.Command("mkfifo", { args: [path] }).output();
    return await train(["--data", path], env);
  },
  "a dangling x.tar": async ({ folder, env }) => {
    const path = join(folder, "x.tar");
    await Deno.symlink("nowhere", path);
    return await train(["--data", path], env);
  },
  "no photo at all": async ({ folder, env }) => {
    await Deno.mkdir(join(folder, "empty"));
    return await train(["--data", join(folder, "empty")], env);
  },
  "--resume of what is no run": ({ folder, env }) => train(["--resume", folder], env),
  "--resume of a file that is no checkpoint": async ({ folder, env }) => {
    const path = join(folder, "step_0000001.safetensors");
    await Deno.writeTextFile(path, "no checkpoint");
    return await train(["--resume", path], env);
  },
  "openDataset({ source: [] })": async () => {
    try {
      await using _data = await openDataset({ source: [] });
      return { code: 0, stdout: "", stderr: "" };
    } catch (error) {
      const { message, stack } = error as Error;
      const stderr = error instanceof UserError ? `error: ${message}\n` : `${stack}`;
      return { code: 1, stdout: "", stderr };
    }
  },
};

const DONE: Record<string, Odd> = {
  "drawn facades without HOME": ({ env }) => {
    const { FACADEGAN_DATA: _data, FACADEGAN_CACHE: _cache, ...rest } = env;
    return train(["--out", join(env.AT, "run")], {
      ...rest,
      HOME: "",
      XDG_CACHE_HOME: "",
      FACADEGAN_CACHE: "",
      FACADEGAN_DATA: "",
    });
  },
  "a cache folder that is a file": ({ photos, env }) =>
    train(["--out", join(env.AT, "run")], { ...env, FACADEGAN_CACHE: join(photos, "0.png") }),
};

/** The fault. */
export const LINES: Fault = {
  name: "lines",
  fault:
    "odd things asked for: output under /proc, on a full disk or into a folder, sources that are none, no HOME",
  happens: "one clear line and status 1; without HOME or cache it trains all the same",
  full: Object.keys(REFUSED).length + Object.keys(DONE).length,
  least: Object.keys(REFUSED).length + Object.keys(DONE).length,
  async run({ count, folder, ended }) {
    const all = [...Object.entries(REFUSED), ...Object.entries(DONE)];
    for (let trial = 0; trial < count; trial++) {
      const [what, odd] = all[trial % all.length];
      const at = join(folder, String(trial));
      await Deno.mkdir(at);
      const env = { ...environmentIn(at), AT: at };
      await writePictures(env.FACADEGAN_DATA);
      const { code, stderr } = await odd({ folder: at, photos: env.FACADEGAN_DATA, env });
      const lines = stderr.replaceAll(/^warning: [^\n]*\n/gm, "");
      const refused = what in REFUSED;
      const right = refused ? code === 1 && /^error: [^\n]+\n$/.test(lines) : code === 0;
      ended(
        refused ? "one line" : "done without",
        right ? undefined : `${what}: status ${code}, ${stderr.slice(0, 400)}`,
      );
    }
  },
};

function train(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return start("train", [...SMALL, ...args], env);
}

async function start(
  task: "train" | "generate",
  args: readonly string[],
  env: Record<string, string>,
): Promise<Ended> {
  const { code, stdout, stderr } = await command(task, args, env).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Starts the program with its standard output on /dev/full, which only a shell can give it. */
async function full(
  args: readonly string[],
  folder: string,
  env: Record<string, string>,
): Promise<Ended> {
  const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      'exec "$0" run -q --no-prompt -A "$@" > /dev/full',
      Deno.execPath(),
      main,
      ...args,
    ],
    cwd: folder,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stderr: "piped",
  }).output();
  return { code, stdout: "", stderr: new TextDecoder().decode(stderr) };
}
