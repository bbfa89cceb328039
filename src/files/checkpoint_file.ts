/**
 * Checkpoints on disk.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../train/checkpoint.ts";
import { writeFileAtomic } from "./atomic.ts";
import { whyUnreadable } from "./read_error.ts";

/**
 * Loads a checkpoint file.
 *
 * @throws {UserError} If it cannot be read, is cut short or is no checkpoint.
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await Deno.readFile(path).catch((error: Error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `there is no checkpoint ${path}`
        : `the checkpoint ${path} cannot be read: ${whyUnreadable(error)}`,
    );
  });
  return decodeCheckpoint(bytes, path);
}

/**
 * Writes a checkpoint file whole or not at all.
 *
 * @throws {UserError} If it cannot be written; an older file of that name stays as it was.
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}
