/**
 * Checkpoints on disk.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../train/checkpoint.ts";
import { writeFileAtomic } from "./atomic.ts";
import { whyUnreadable } from "./read_error.ts";

/** The step in a checkpoint's file name; undefined where it was renamed. */
export function stepOfFile(path: string): number | undefined {
  const digits = /step_(\d+)\.[a-z]+$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Loads a checkpoint file. `warn` takes a line where its integrity cannot be told: files of older
 * versions hold no digest.
 *
 * @throws {UserError} If it cannot be read, is damaged or no checkpoint, or is named after another step
 * than it holds.
 */
export async function loadCheckpoint(
  path: string,
  warn?: (line: string) => void,
): Promise<Checkpoint> {
  const bytes = await Deno.readFile(path).catch((error: Error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `there is no checkpoint ${path}`
        : `the checkpoint ${path} cannot be read: ${whyUnreadable(error)}`,
    );
  });
  const checkpoint = decodeCheckpoint(bytes, path, warn);
  const named = stepOfFile(path);
  if (named !== undefined && named !== checkpoint.stepsDone) {
    throw new UserError(
      `${path} is named after step ${named} but holds step ${checkpoint.stepsDone}: rename it`,
    );
  }
  return checkpoint;
}

/**
 * Writes a checkpoint file whole or not at all.
 *
 * @throws {UserError} If it cannot be written; an older file of that name stays as it was.
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}
