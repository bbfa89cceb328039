/**
 * Scores and gradients over a training, checkpoint by checkpoint.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import type { LossName } from "../ops/loss_table.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { noiseOfSeed } from "../train/noise.ts";
import { boundaryOf, PassProbe } from "./pass.ts";
import { PULL_NAMES, type PullName } from "./pull.ts";

/** What a checkpoint's networks do, over some batches. */
export interface Moment {
  /** Training steps done. */
  readonly step: number;
  /** The loss that the networks are trained with. */
  readonly loss: LossName;
  /** The score above which a picture is called real. */
  readonly boundary: number;
  /** The share of the generated pictures that is. */
  readonly calledReal: number;
  /** Scores of photos. */
  readonly photos: readonly number[];
  /** Scores of generated pictures. */
  readonly pictures: readonly number[];
  /** How far each generated picture's own numbers move its own score. */
  readonly sensitivities: readonly number[];
  /** Of each form of the loss. */
  readonly pulls: Readonly<Partial<Record<PullName, Pulled>>>;
}

/** What a form of the loss does to the generated pictures, in the order of `pictures`. */
export interface Pulled {
  /** Its derivative by each picture's score. */
  readonly slopes: readonly number[];
  /** The norm of the gradient that reaches the generator through each picture. */
  readonly norms: readonly number[];
  /** The median norm of the pictures called real; null where none is. */
  readonly medianCalledReal: number | null;
  /** The median norm of the pictures told from photos; null where none is. */
  readonly medianToldApart: number | null;
  /** What is left of the gradient where a picture is called real. */
  readonly left: Left;
}

/**
 * Medians over pictures called real, as shares of the median over those told from photos at the same
 * checkpoint: gradients of different checkpoints are of different sizes, whatever the score. Null where
 * there is none of either.
 */
export interface Left {
  /** Of the size of the loss's slope. */
  readonly slope: number | null;
  /** Of the gradient of each picture's own loss by itself: slope times sensitivity. */
  readonly alone: number | null;
  /** Of the gradient through each picture of its whole batch's loss: what training uses. */
  readonly batch: number | null;
}

/** Pictures that are looked at where a number of batches is not given. */
export const PICTURES = 256;

/**
 * Passes `batches` batches through a checkpoint's networks: photos, uint8 [N, size, size, 3], from the
 * first on and over again, and noise of a seed.
 */
export async function lookAt(
  gpu: Gpu,
  checkpoint: Checkpoint,
  photos: { readonly data: Uint8Array; readonly count: number },
  options: { readonly batches?: number; readonly seed?: number } = {},
): Promise<Moment> {
  using probe = new PassProbe(gpu, checkpoint);
  const { batch, nz, loss } = probe.settings;
  const { batches = Math.ceil(PICTURES / batch), seed = 1 } = options;
  const { noise } = noiseOfSeed(batches * batch, nz, seed);
  const bytes = photos.data.length / photos.count;
  const found = {
    photos: [] as number[],
    pictures: [] as number[],
    sensitivities: [] as number[],
  };
  const pulls = new Map<PullName, { slopes: number[]; norms: number[] }>();
  for (let b = 0; b < batches; b++) {
    const own = new Uint8Array(batch * bytes);
    for (let i = 0; i < batch; i++) {
      const at = (b * batch + i) % photos.count * bytes;
      own.set(photos.data.subarray(at, at + bytes), i * bytes);
    }
    const pass = await probe.pass(own, noise.subarray(b * batch * nz, (b + 1) * batch * nz));
    found.photos.push(...pass.photos);
    found.pictures.push(...pass.pictures);
    found.sensitivities.push(...pass.sensitivities);
    for (const [name, { slopes, norms }] of pass.pulls) {
      const all = pulls.get(name) ?? { slopes: [], norms: [] };
      all.slopes.push(...slopes);
      all.norms.push(...norms);
      pulls.set(name, all);
    }
  }
  const boundary = boundaryOf(probe.settings);
  const isReal = found.pictures.map((score) => score > boundary);
  return {
    step: checkpoint.stepsDone,
    loss,
    boundary,
    calledReal: isReal.filter(Boolean).length / isReal.length,
    ...found,
    pulls: Object.fromEntries(
      [...pulls].map(([name, { slopes, norms }]) => [name, {
        slopes,
        norms,
        medianCalledReal: medianOf(norms.filter((_, i) => isReal[i])),
        medianToldApart: medianOf(norms.filter((_, i) => !isReal[i])),
        left: leftOf([{ boundary, ...found, pulls: { [name]: { slopes, norms } } }], name),
      }]),
    ),
  };
}

/** A whole history in one: over all moments' pictures. */
export interface Overall {
  /** Generated pictures looked at. */
  readonly pictures: number;
  /** Those called real. */
  readonly calledReal: number;
  /** The highest score of a generated picture. */
  readonly highest: number;
  /** What is left of each form's gradient where a picture is called real. */
  readonly left: Readonly<Record<PullName, Left>>;
}

/** Counts pictures over all moments. */
export function overall(history: readonly Moment[]): Overall {
  const scores = history.flatMap(({ pictures }) => pictures);
  return {
    pictures: scores.length,
    calledReal: history.reduce((n, at) => n + Math.round(at.calledReal * at.pictures.length), 0),
    highest: scores.reduce((a, b) => Math.max(a, b), -Infinity),
    left: Object.fromEntries(
      PULL_NAMES.map((name) => [name, leftOf(history, name)]),
    ) as Record<PullName, Left>,
  };
}

type Sizes = (moment: Measured, name: PullName) => readonly number[];

/** How strong a pull each picture gets, in the ways that {@linkcode Left} parts. */
export const PULL_SIZES: Readonly<Record<keyof Left, Sizes>> = {
  slope: ({ pulls }, name) => pulls[name]!.slopes.map(Math.abs),
  alone: ({ pulls, sensitivities }, name) =>
    pulls[name]!.slopes.map((slope, i) => Math.abs(slope) * sensitivities[i]),
  batch: ({ pulls }, name) => pulls[name]!.norms,
};

/** Of a {@linkcode Moment}, what sizes are made of. */
type Measured = Pick<Moment, "boundary" | "pictures" | "sensitivities"> & {
  readonly pulls: Readonly<Partial<Record<PullName, Pick<Pulled, "slopes" | "norms">>>>;
};

function leftOf(history: readonly Measured[], name: PullName): Left {
  const share = (sizesOf: Sizes): number | null =>
    medianOf(history.flatMap((moment) => {
      const sizes = sizesOf(moment, name);
      const isReal = moment.pictures.map((score) => score > moment.boundary);
      const whole = medianOf(sizes.filter((_, i) => !isReal[i]));
      return whole ? sizes.filter((_, i) => isReal[i]).map((size) => size / whole) : [];
    }));
  return {
    slope: share(PULL_SIZES.slope),
    alone: share(PULL_SIZES.alone),
    batch: share(PULL_SIZES.batch),
  };
}

/** The upper one of two middle values; null of none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[sorted.length >> 1];
}
