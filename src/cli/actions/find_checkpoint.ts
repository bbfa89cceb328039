/**
 * Which checkpoint a user means.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { lastRun, RunFolder } from "../../run/folder.ts";

/**
 * The file itself, the newest checkpoint of a run's folder, or that of the last run.
 *
 * @throws {UserError} If there is none.
 */
export async function findCheckpoint(given: string | undefined): Promise<string> {
  if (given === undefined) return await (await lastRun()).lastCheckpoint();
  const info = await Deno.stat(given).catch(() => undefined);
  if (!info) throw new UserError(`there is no checkpoint ${given}`);
  return info.isDirectory ? await new RunFolder(given).lastCheckpoint() : given;
}
