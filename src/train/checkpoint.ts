/**
 * A checkpoint: all that a run needs to go on, and how it lies in a safetensors file.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../format/safetensors.ts";
import { checkSettings, type TrainSettings } from "./settings.ts";

const FORMAT = "facadegan checkpoint 1";

/** The state of a run between two steps. */
export interface Checkpoint {
  /** The settings it was trained with. */
  readonly settings: TrainSettings;
  /** Steps done so far. */
  readonly stepsDone: number;
  /**
   * The numbers, by name: `G.*` and `D.*` are the networks' state dictionaries as PyTorch's DCGAN
   * names them, `ema.G.*` the generator's moving average where one is kept, `adam.{G,D}.{m,v}.*`
   * Adam's moments.
   */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The bytes of a checkpoint's file: safetensors, which PyTorch and others open too. */
export function encodeCheckpoint(
  { settings, stepsDone, tensors }: Checkpoint,
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(tensors, {
    format: FORMAT,
    step: String(stepsDone),
    config: JSON.stringify(settings),
  });
}

/**
 * Reads the bytes of a checkpoint's file; `name` is how messages call the file.
 *
 * @throws {UserError} If they are cut short, or no checkpoint.
 */
export function decodeCheckpoint(bytes: Uint8Array, name = "the checkpoint"): Checkpoint {
  const { tensors, metadata: { format, step, config } } = decodeSafetensors(bytes, name);
  if (format !== FORMAT) {
    throw new UserError(`${name} is a safetensors file but no facadegan checkpoint`);
  }
  try {
    return { settings: checkSettings(JSON.parse(config)), stepsDone: Number(step), tensors };
  } catch (error) {
    throw new UserError(`${name} has unusable settings: ${(error as Error).message}`);
  }
}
