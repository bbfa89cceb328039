/**
 * Which checkpoint a user means.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { loadCheckpoint } from "../../files/checkpoint_file.ts";
import { lastRun, RunFolder } from "../../run/folder.ts";
import { newestCheckpoint } from "../../run/newest_checkpoint.ts";
import type { Checkpoint } from "../../train/checkpoint.ts";

/**
 * Loads the file itself, the newest checkpoint of a run's folder that is undamaged, or that of the last
 * run. `warn` takes a line for each that had to be passed over.
 *
 * @throws {UserError} If there is none that can be used.
 */
export async function openCheckpoint(
  given: string | undefined,
  warn: (line: string) => void,
): Promise<{ readonly path: string; readonly checkpoint: Checkpoint }> {
  if (given === undefined) return await newestCheckpoint(await lastRun(), warn);
  const info = await Deno.stat(given).catch(() => undefined);
  if (!info) throw new UserError(`there is no checkpoint ${given}`);
  if (info.isDirectory) return await newestCheckpoint(new RunFolder(given), warn);
  return { path: given, checkpoint: await loadCheckpoint(given, warn) };
}
