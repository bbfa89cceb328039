/**
 * What makes a safetensors file a checkpoint of ours: its metadata.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { decodeSafetensors, encodeSafetensors, type TensorFile } from "../format/safetensors.ts";
import { checkSettings, type TrainSettings } from "./settings.ts";

const FORMAT = "facadegan checkpoint 1";

/** A checkpoint's content. */
export interface Checkpoint {
  /** The settings it was trained with. */
  readonly config: TrainSettings;
  /** Steps done when it was written. */
  readonly stepsDone: number;
  /** Its tensors and metadata. */
  readonly file: TensorFile;
}

/** The metadata of a checkpoint file. */
export function checkpointMetadata(
  config: TrainSettings,
  stepsDone: number,
): Record<string, string> {
  return { format: FORMAT, step: String(stepsDone), config: JSON.stringify(config) };
}

/**
 * Reads settings and step from a file's metadata; `name` is how messages call the file.
 *
 * @throws {UserError} If the file is no checkpoint.
 */
export function readCheckpoint(file: TensorFile, name: string): Checkpoint {
  const { format, step, config } = file.metadata;
  if (format !== FORMAT) {
    throw new UserError(`${name} is a safetensors file but no facadegan checkpoint`);
  }
  try {
    return { config: checkSettings(JSON.parse(config)), stepsDone: Number(step), file };
  } catch (error) {
    throw new UserError(`${name} has unusable settings: ${(error as Error).message}`);
  }
}

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
        : `the checkpoint ${path} cannot be read: ${error.message}`,
    );
  });
  return readCheckpoint(decodeSafetensors(bytes, path), path);
}

/**
 * Writes a checkpoint file whole or not at all.
 *
 * @throws {UserError} If it cannot be written; an older file of that name stays as it was.
 */
export async function saveCheckpoint(path: string, file: TensorFile): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(file.tensors, file.metadata));
}
