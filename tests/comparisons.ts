/** What the tests of `compare` share: the least that it can train, and a folder of photos for it. */

import { join } from "node:path";
import { type Ended, environmentIn, program, writePictures } from "./program.ts";

const TINY = "--size 32 --width 4 --batch 2 --samples 4 --tensorboard off --holdout 0.3";
/** Four runs. */
export const COMPARED = `${TINY} --losses ls,bce --seeds 1,2 --judge-samples 6`;

/** Runs `body` with a folder that holds `photos`, and a way to call the program for it. */
export async function withPhotos(
  body: (folder: string, compare: (line: string) => Promise<Ended>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const env = environmentIn(folder);
  try {
    await writePictures(join(folder, "photos"), 20);
    await body(folder, (line) => program("compare", line.split(" "), env));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The comparison that a folder holds. */
export const read = async (folder: string) =>
  JSON.parse(await Deno.readTextFile(join(folder, "compare.json")));
