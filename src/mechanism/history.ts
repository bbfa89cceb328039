/**
 * Scores and gradients over a training, checkpoint by checkpoint.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import { noiseOfSeed } from "../train/noise.ts";
import { boundaryOf, PassProbe } from "./pass.ts";
import type { PullName } from "./pull.ts";

/** What a checkpoint's networks do, over some batches. */
export interface Moment {
  /** Training steps done. */
  readonly step: number;
  /** The score above which a picture is called real. */
  readonly boundary: number;
  /** The share of the generated pictures that is. */
  readonly calledReal: number;
  /** Scores of photos. */
  readonly photos: readonly number[];
  /** Scores of generated pictures. */
  readonly pictures: readonly number[];
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
}

/**
 * Passes `batches` batches through a checkpoint's networks: photos, uint8 [N, size, size, 3], from the
 * first on and over again, and noise of a seed.
 */
export async function lookAt(
  gpu: Gpu,
  checkpoint: Checkpoint,
  photos: { readonly data: Uint8Array; readonly count: number },
  { batches = 16, seed = 1 }: { readonly batches?: number; readonly seed?: number } = {},
): Promise<Moment> {
  using probe = new PassProbe(gpu, checkpoint);
  const { batch, nz } = probe.settings;
  const { noise } = noiseOfSeed(batches * batch, nz, seed);
  const bytes = photos.data.length / photos.count;
  const found = { photos: [] as number[], pictures: [] as number[] };
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
    boundary,
    calledReal: isReal.filter(Boolean).length / isReal.length,
    ...found,
    pulls: Object.fromEntries(
      [...pulls].map(([name, { slopes, norms }]) => [name, {
        slopes,
        norms,
        ...medians(norms, isReal),
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
  /** Of each form of the loss, the median norms. */
  readonly pulls: Readonly<
    Partial<Record<PullName, Pick<Pulled, "medianCalledReal" | "medianToldApart">>>
  >;
}

/** Counts pictures over all moments. */
export function overall(history: readonly Moment[]): Overall {
  const isReal = history.flatMap(({ pictures, boundary }) =>
    pictures.map((score) => score > boundary)
  );
  const names = Object.keys(history[0]?.pulls ?? {}) as PullName[];
  return {
    pictures: isReal.length,
    calledReal: isReal.filter(Boolean).length,
    pulls: Object.fromEntries(names.map((name) => {
      const norms = history.flatMap(({ pulls }) => pulls[name]!.norms);
      return [name, medians(norms, isReal)];
    })),
  };
}

function medians(
  norms: readonly number[],
  isReal: readonly boolean[],
): Pick<Pulled, "medianCalledReal" | "medianToldApart"> {
  return {
    medianCalledReal: medianOf(norms.filter((_, i) => isReal[i])),
    medianToldApart: medianOf(norms.filter((_, i) => !isReal[i])),
  };
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[sorted.length >> 1];
}
