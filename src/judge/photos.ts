/**
 * The photos that judge, and the samples that are judged.
 *
 * @module
 */

import { type PhotoSet, type PhotoSetOptions, readPhotoSet } from "../data/photo_set.ts";
import { toGrey } from "../image/grey.ts";
import type { Channels } from "../model/layers.ts";
import type { PictureSet } from "../quality/picture_set.ts";
import type { Pictures } from "../image/pictures.ts";
import { noiseOfSeed } from "../train/noise.ts";

/** Photos to judge by, with their names. */
export interface NamedJudgePhotos {
  /** Photos that the network has never seen; where all were trained on, those. */
  readonly reference: PhotoSet;
  /** The photos trained on; undefined where `reference` holds them. */
  readonly training: PhotoSet | undefined;
}

/**
 * Reads the photos of a source: with a holdout those apart and the rest, else all as reference. For
 * networks of one channel they are made grey.
 *
 * @throws {UserError} If a source is missing or holds no usable picture.
 */
export async function readJudgePhotos(
  { channels = 3, ...options }:
    & Omit<PhotoSetOptions, "part">
    & { readonly channels?: Channels },
): Promise<NamedJudgePhotos> {
  const read = async (part?: "held-out" | "training"): Promise<PhotoSet> => {
    const photos = await readPhotoSet({ ...options, ...(part ? { part } : {}) });
    if (channels === 1) toGrey(photos.data);
    return photos;
  };
  if (!options.holdout) return { reference: await read(), training: undefined };
  return { reference: await read("held-out"), training: await read("training") };
}

/** Whatever draws pictures from noise: a trainer, or a loaded generator. */
export interface Draws {
  /** Pictures of noise [N, nz]. */
  generate(noise: Float32Array): Promise<Pictures>;
  /** The settings; of these, the numbers in a picture's noise. */
  readonly settings: { readonly nz: number };
}

/** Samples of a seed: those that `generate --seed` draws. */
export async function drawSamples(
  generator: Draws,
  count: number,
  seed: number,
): Promise<PictureSet> {
  const { noise } = noiseOfSeed(count, generator.settings.nz, seed);
  const pictures = await generator.generate(noise);
  return { count, size: pictures.size, data: pictures.toPixels() };
}
