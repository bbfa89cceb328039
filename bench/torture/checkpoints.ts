/**
 * Damaged and forged checkpoints: read as they were written, or refused in one line.
 *
 * @module
 */

import { UserError } from "../../src/errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../../src/format/safetensors.ts";
import { discriminatorTensors, generatorTensors } from "../../src/model/layers.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { DEFAULT_SETTINGS } from "../../src/train/settings.ts";
import { damage, damageJson, dice, type Fault } from "./fault.ts";

type Random = (below: number) => number;

/** The fault. */
export const CHECKPOINTS: Fault = {
  name: "checkpoints",
  fault: "a checkpoint is damaged by its disk, or forged by a stranger",
  happens:
    "refused in one line; or it holds what was written, or finite weights that fit its settings",
  full: 100_000,
  least: 7,
  run({ count, seed, ended }) {
    const original = small(seed);
    const bytes = encodeCheckpoint(original);
    for (let trial = 0; trial < count; trial++) {
      const random = dice(seed, trial);
      const forged = trial % 2 === 1;
      const mutant = forged ? forge(original, bytes, random) : damage(bytes, random);
      ended(...judge(mutant, bytes, forged, original));
    }
    return Promise.resolve();
  },
};

/** How a mutant was read. */
function judge(
  mutant: Uint8Array,
  bytes: Uint8Array,
  forged: boolean,
  original: Checkpoint,
): [string, string?] {
  let read: Checkpoint;
  try {
    read = decodeCheckpoint(mutant, "a.safetensors");
  } catch (error) {
    if (!(error instanceof UserError)) return ["a stack trace", String((error as Error).stack)];
    // The command line writes out control characters; nothing but a line break could forge a line.
    return /\n/.test(error.message) ? ["more than a line", error.message] : ["refused"];
  }
  if (equal(mutant, bytes)) return ["the damage changed nothing"];
  if (!forged) return ["damage loaded", `read as step ${read.stepsDone}`];
  for (const [name, { data, shape }] of read.tensors) {
    if (data.length !== shape.reduce((a, b) => a * b, 1) || !data.every(Number.isFinite)) {
      return ["unusable weights loaded", name];
    }
    // Shapes follow from settings, which a stranger may set as they like.
    if (!original.tensors.has(name)) return ["an unknown tensor loaded", name];
  }
  const whole = Number.isSafeInteger(read.stepsDone) && read.stepsDone >= 0;
  return whole ? ["forged, but sound: read"] : ["an odd step loaded", String(read.stepsDone)];
}

/** A mutant as someone who knows the format would make it: the digest is right, or left out. */
function forge(original: Checkpoint, bytes: Uint8Array, random: Random): Uint8Array {
  switch (random(4)) {
    case 0: { // metadata
      const { tensors, metadata } = decodeSafetensors(bytes);
      const { config, ...rest } = metadata;
      const all = { ...rest, config: JSON.parse(config) };
      const { config: settings, ...others } = damageJson(all, random) as Record<string, unknown>;
      const text = Object.entries({ ...others, config: JSON.stringify(settings) ?? "" })
        .filter(([, value]) => typeof value === "string") as [string, string][];
      return encodeSafetensors(tensors, Object.fromEntries(text), { seal: random(2) > 0 });
    }
    case 1: { // tensors: a number that is none, one taken out, renamed, reshaped
      const tensors = new Map(original.tensors);
      const names = [...tensors.keys()];
      const name = names[random(names.length)];
      const tensor = tensors.get(name)!;
      const data = tensor.data.slice();
      const kind = random(5);
      if (kind === 0) data[random(data.length)] = [NaN, Infinity, -Infinity][random(3)];
      if (kind === 0) tensors.set(name, { ...tensor, data });
      else if (kind === 1) tensors.delete(name);
      else if (kind === 2) tensors.set("__proto__", tensor);
      else if (kind === 3) tensors.set(name, { shape: [1, ...tensor.shape], data });
      else tensors.set(name, { shape: [data.length - 1], data: data.slice(1) });
      return encodeCheckpoint({ ...original, tensors });
    }
    case 2: // the header: offsets, shapes, kinds of numbers, names
      return withHeader(bytes, (header) => damageJson(header, random));
    default: // two tensors that share a place
      return withHeader(bytes, (header) => {
        const names = Object.keys(header).filter((name) => name !== "__metadata__");
        const [a, b] = [names[random(names.length)], names[random(names.length)]];
        const [x, y] = [header[a], header[b]] as { data_offsets: unknown }[];
        [x.data_offsets, y.data_offsets] = [y.data_offsets, random(2) ? y.data_offsets : [0, 4]];
        return header;
      });
  }
}

/** The same numbers behind another header, which holds no digest. */
function withHeader(
  bytes: Uint8Array,
  change: (header: Record<string, unknown>) => unknown,
): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__.sha256;
  header.__metadata__.format = "facadegan checkpoint 1";
  const text = new TextEncoder().encode(JSON.stringify(change(header)) ?? "null");
  const out = new Uint8Array(8 + text.length + bytes.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(bytes.subarray(8 + length), 8 + text.length);
  return out;
}

/** A checkpoint of the smallest networks there are, with all that a run keeps. */
export function small(seed: number): Checkpoint {
  const settings = { ...DEFAULT_SETTINGS, size: 32 as const, width: 4, nz: 4, batch: 2 };
  const random = dice(seed, -1);
  const tensors = new Map<string, Tensor>();
  const [G, D] = [generatorTensors(settings).tensors, discriminatorTensors(settings).tensors];
  for (
    const [prefix, group, all] of [
      ["G.", G, true],
      ["D.", D, true],
      ["ema.G.", G, true],
      ["adam.G.m.", G, false],
      ["adam.G.v.", G, false],
      ["adam.D.m.", D, false],
      ["adam.D.v.", D, false],
    ] as const
  ) {
    for (const { name, shape, home } of group) {
      if (!all && home !== "parameters") continue;
      const length = shape.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length }, () => random(1000) / 1000);
      tensors.set(prefix + name, { shape, data });
    }
  }
  return { settings, stepsDone: 60, tensors };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
