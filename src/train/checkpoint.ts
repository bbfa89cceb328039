/**
 * A checkpoint: all that a run needs to go on, and how it lies in a safetensors file.
 *
 * @module
 */

import { oneLine, UserError } from "../errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../format/safetensors.ts";
import { discriminatorTensors, generatorTensors } from "../model/layers.ts";
import { misfits } from "../model/misfits.ts";
import { checkSettings, type TrainSettings } from "./settings.ts";
import { refusePickle, weightsFromElsewhere } from "./weights_from_elsewhere.ts";

const FORMAT = "facadegan checkpoint 2";

/** What files said before they held a digest. */
const UNSEALED_FORMAT = "facadegan checkpoint 1";

/** The state of a run between two steps. */
export interface Checkpoint {
  /** The settings it was trained with. */
  readonly settings: TrainSettings;
  /** Steps done so far. */
  readonly stepsDone: number;
  /** How often it was rolled back and given other noise; left out: never. */
  readonly redraws?: number;
  /**
   * The numbers, by name: `G.*` and `D.*` are the networks' state dictionaries as PyTorch's DCGAN
   * names them (spectrally normalised weights as its `parametrizations.spectral_norm` does), `ema.G.*`
   * the generator's moving average where one is kept, `adam.{G,D}.{m,v}.*` Adam's moments.
   */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Parts of a checkpoint: networks, and what Adam keeps of them. */
export type CheckpointPart = "G" | "D" | "ema.G" | "adam.G.m" | "adam.D.m";

/** Whether a checkpoint holds a part; what is held is held whole. */
export function holds({ tensors }: Pick<Checkpoint, "tensors">, part: CheckpointPart): boolean {
  return [...tensors.keys()].some((name) => name.startsWith(`${part}.main.0.`));
}

/** Whether a run can go on with it; one with weights alone can be drawn with and fine-tuned. */
export function canResume(checkpoint: Checkpoint): boolean {
  const parts = ["G", "D", "adam.G.m", "adam.D.m"] as const;
  return parts.every((part) => holds(checkpoint, part));
}

/**
 * The bytes of a checkpoint's file: safetensors, which PyTorch and others open too, with a digest of
 * itself.
 */
export function encodeCheckpoint(
  { settings, stepsDone, redraws, tensors }: Checkpoint,
): Uint8Array<ArrayBuffer> {
  const metadata = {
    format: FORMAT,
    step: String(stepsDone),
    config: JSON.stringify(settings),
    ...(redraws ? { redraws: String(redraws) } : {}),
  };
  return encodeSafetensors(tensors, metadata, { seal: true });
}

/**
 * Reads the bytes of a checkpoint's file; `name` is how messages call the file, and `warn` takes a
 * line where its integrity cannot be told, as in files of older versions. A file of another program's
 * weights (PyTorch's DCGAN example and the like) becomes a checkpoint of step 0 with weights alone.
 *
 * @throws {UserError} If they are damaged, neither of these, or no checkpoint that a run can have left:
 * the number of steps, the tensors' names and shapes, and every weight are looked at.
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  name = "the checkpoint",
  warn: (line: string) => void = () => {},
): Checkpoint {
  refusePickle(bytes, name);
  const { tensors, metadata, sealed } = decodeSafetensors(bytes, name);
  const { format, step, config } = metadata;
  if (!format?.startsWith("facadegan")) return weightsFromElsewhere(tensors, name, warn);
  if (format !== FORMAT && format !== UNSEALED_FORMAT) {
    throw new UserError(`${name} is of a kind that this version does not know: ${oneLine(format)}`);
  }
  let settings: TrainSettings;
  try {
    settings = checkSettings(JSON.parse(config));
  } catch (error) {
    throw new UserError(`${name} has unusable settings: ${oneLine((error as Error).message)}`);
  }
  const stepsDone = Number(step);
  if (!/^\d+$/.test(step) || !Number.isSafeInteger(stepsDone)) {
    throw new UserError(`${name} is damaged: its step is ${JSON.stringify(step)}, no whole number`);
  }
  if (metadata.redraws !== undefined && !/^\d{1,9}$/.test(metadata.redraws)) {
    const told = JSON.stringify(metadata.redraws);
    throw new UserError(`${name} is damaged: its number of redraws is ${told}, no whole number`);
  }
  const redraws = Number(metadata.redraws ?? 0);
  const why = misfit(settings, tensors);
  if (why) throw new UserError(`${name} is damaged: ${oneLine(why)}`);
  if (!sealed && format === FORMAT) {
    throw new UserError(`${name} is damaged: its digest is missing`);
  }
  if (!sealed) warn(`${name} has no digest, so whether it is undamaged cannot be told`);
  return { settings, stepsDone, ...(redraws > 0 ? { redraws } : {}), tensors };
}

/** Why tensors cannot be those of a run with these settings; undefined if they can. */
function misfit(
  settings: TrainSettings,
  tensors: ReadonlyMap<string, Tensor>,
): string | undefined {
  const seen = new Set<string>();
  const [G, D] = [generatorTensors(settings).tensors, discriminatorTensors(settings).tensors];
  const parameters = (all: typeof G) => all.filter(({ home }) => home === "parameters");
  const groups = [
    ["G.", G],
    ["D.", D],
    ["ema.G.", G],
    ["adam.G.m.", parameters(G)],
    ["adam.G.v.", parameters(G)],
    ["adam.D.m.", parameters(D)],
    ["adam.D.v.", parameters(D)],
  ] as const;
  for (const [prefix, expected] of groups) {
    // A group may be absent, as in a file with the generator alone, but not in part.
    if (!expected.some(({ name }) => tensors.has(prefix + name))) continue;
    const [first] = misfits(expected, tensors, prefix);
    if (first) return first;
    for (const { name } of expected) seen.add(prefix + name);
  }
  const unknown = [...tensors.keys()].find((name) => !seen.has(name));
  return unknown === undefined ? undefined : `there should be no tensor ${unknown}`;
}
