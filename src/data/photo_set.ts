/**
 * Photos as networks see them, all at once, for judging by.
 *
 * @module
 */

import type { PictureSet } from "../quality/picture_set.ts";
import { openDataset } from "./dataset.ts";
import type { DatasetOptions } from "./options.ts";

/** Photos and what they are called. */
export interface PhotoSet extends PictureSet {
  /** The name of each. */
  readonly names: readonly string[];
}

/** Which photos, read how. */
export type PhotoSetOptions = Omit<DatasetOptions, "batch" | "shuffle" | "augmentation" | "seed">;

const BATCH = 64;

/**
 * Reads the photos of a source: the centre crop at the size asked for, in the order of their names.
 *
 * @throws {UserError} If a source is missing or holds no usable picture.
 */
export async function readPhotoSet(options: PhotoSetOptions): Promise<PhotoSet> {
  const { size = 64 } = options;
  await using dataset = await openDataset({
    ...options,
    batch: BATCH,
    shuffle: false,
    augmentation: false,
  });
  const { count, names } = dataset;
  const each = 3 * size * size;
  const data = new Uint8Array(count * each);
  for (let step = 0; step * BATCH < count; step++) {
    const batch = await dataset.batch(step);
    const rows = Math.min(BATCH, count - step * BATCH);
    data.set(batch.pixels.subarray(0, rows * each), step * BATCH * each);
    batch.release();
  }
  return { count, size, data, names };
}
