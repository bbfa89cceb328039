/** Runs the program as its tasks do, with the permissions that deno.json gives each. */

import { join } from "node:path";
import project from "../deno.json" with { type: "json" };
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";

const ROOT = new URL("..", import.meta.url);

/** The program's own module by its full path; other words as they are. */
function inRoot(word: string): string {
  return word.endsWith(".ts") ? new URL(word, ROOT).pathname : word;
}

/** As people start it, whatever prefer_vulkan.ts decided for the tests. */
function withAnyBackend(
  env: Record<string, string>,
): Pick<Deno.CommandOptions, "env" | "clearEnv"> {
  if (!Deno.env.get("DENO_WEBGPU_BACKEND")) return { env };
  const { DENO_WEBGPU_BACKEND: _, ...rest } = Deno.env.toObject();
  return { env: { ...rest, ...env }, clearEnv: true };
}

/** How a run of the program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program, started as the task of the same name would; `flags` are Deno's own, `cwd` where it starts. */
export function command(
  task: keyof typeof project.tasks,
  args: readonly string[],
  env: Record<string, string> = {},
  flags: readonly string[] = [],
  cwd: string | URL = ROOT,
): Deno.Command {
  const [variable, deno, run, ...words] = project.tasks[task].command.split(" ");
  if (variable !== "FACADEGAN_TASK=1" || deno !== "deno") {
    throw new Error(`the task ${task} does not start a command`);
  }
  return new Deno.Command(Deno.execPath(), {
    // By their full paths, for a program that starts in another folder than the project's.
    args: [
      run,
      ...(words.includes("-c") ? [] : [`--config=${ROOT.pathname}deno.json`]),
      ...flags,
      ...words.map(inRoot),
      ...args,
    ],
    cwd,
    ...withAnyBackend({ FACADEGAN_TASK: "1", NO_COLOR: "1", FACADEGAN_OUT: "", ...env }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a task to its end. */
export async function program(
  task: keyof typeof project.tasks,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await command(task, args, env).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Writes a few small pictures into a new folder. */
export async function writePictures(folder: string, count = 6): Promise<void> {
  await Deno.mkdir(folder);
  for (let i = 0; i < count; i++) {
    const data = Uint8Array.from({ length: 72 * 80 * 3 }, (_, j) => hash4(i, j, 0, 0)[0] & 255);
    await Deno.writeFile(`${folder}/${i}.png`, encodePng({ width: 80, height: 72, data }));
  }
}

/** The environment of a test that keeps photos and cache in a folder of its own. */
export function environmentIn(folder: string): { FACADEGAN_CACHE: string; FACADEGAN_DATA: string } {
  return { FACADEGAN_CACHE: join(folder, "cache"), FACADEGAN_DATA: join(folder, "photos") };
}

/** Runs `body` with a folder that holds pictures, and with `train` on them. */
export async function withPictures(
  body: (folder: string, train: (line: string) => Promise<Ended>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const env = environmentIn(folder);
  try {
    await writePictures(env.FACADEGAN_DATA);
    await body(folder, (line) => program("train", line.split(" "), env));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
