/**
 * The state a run left, also where its newest checkpoint is damaged.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { loadCheckpoint } from "../files/checkpoint_file.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { RunFolder } from "./folder.ts";

/**
 * Loads the newest checkpoint of a run that can be used; `warn` takes a line for each newer one that
 * cannot.
 *
 * @throws {UserError} If there is none.
 */
export async function newestCheckpoint(
  run: RunFolder,
  warn: (line: string) => void,
): Promise<{ readonly path: string; readonly checkpoint: Checkpoint }> {
  let newest = await run.lastCheckpoint();
  for (const step of (await run.checkpointSteps()).toReversed()) {
    const path = run.checkpoint(step);
    try {
      return { path, checkpoint: await loadCheckpoint(path, warn) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn(`${error.message}; the checkpoint before it is used instead`);
      newest = path;
    }
  }
  throw new UserError(`${run.path} holds no checkpoint that can be used, ${newest} included`);
}
