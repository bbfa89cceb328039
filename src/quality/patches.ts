/**
 * What sliced Wasserstein distance compares: patches of 7x7 pixels out of every level of the
 * pictures' Laplacian pyramids.
 *
 * @module
 */

import { hash4, Purpose, toUnit } from "../random.ts";
import { laplacianPyramid, pyramidSizes } from "./laplacian.ts";
import { pictureAt, type PictureSet } from "./picture_set.ts";

/** Pixels a side of a patch. */
export const PATCH = 7;
/** Patches of a level of a picture. */
export const PATCHES = 128;
/** Numbers in a patch: rows of pixels of red, green and blue. */
export const PATCH_LENGTH = PATCH * PATCH * 3;

/** The patches of one level of a set of pictures. */
export interface PatchSet {
  /** The level's pixels a side. */
  readonly size: number;
  /** Patches: 128 of each picture. */
  readonly count: number;
  /** [count, 7, 7, 3]. */
  readonly data: Float32Array;
}

/**
 * Takes the patches of every level, the finest first, and normalises each level's: every colour to
 * mean 0 and deviation 1 over the whole set.
 *
 * The places depend on (seed, level, picture's index, patch) alone, not on the set: two sets are
 * looked at in the same places, and equal sets give equal patches. `allocate` makes the arrays, so that
 * they may lie in memory that threads share.
 */
export function takePatches(
  set: PictureSet,
  seed: number,
  allocate: (length: number) => Float32Array = (length) => new Float32Array(length),
): PatchSet[] {
  const levels = pyramidSizes(set.size).map((size) => ({
    size,
    count: set.count * PATCHES,
    data: allocate(set.count * PATCHES * PATCH_LENGTH),
  }));
  for (let picture = 0; picture < set.count; picture++) {
    const pyramid = laplacianPyramid(pictureAt(set, picture), set.size);
    for (const [i, { size, data }] of pyramid.entries()) {
      for (let patch = picture * PATCHES; patch < (picture + 1) * PATCHES; patch++) {
        const [x, y] = hash4(seed, Purpose.Patches, size, patch);
        const left = Math.floor(toUnit(x) * (size - PATCH + 1));
        const top = Math.floor(toUnit(y) * (size - PATCH + 1));
        for (let row = 0; row < PATCH; row++) {
          const from = 3 * ((top + row) * size + left);
          levels[i].data.set(
            data.subarray(from, from + 3 * PATCH),
            patch * PATCH_LENGTH + row * 3 * PATCH,
          );
        }
      }
    }
  }
  for (const { data } of levels) normaliseColours(data);
  return levels;
}

/** Each colour to mean 0 and deviation 1; a colour that never changes becomes 0. */
function normaliseColours(data: Float32Array): void {
  const count = data.length / 3;
  for (let colour = 0; colour < 3; colour++) {
    let sum = 0;
    for (let i = colour; i < data.length; i += 3) sum += data[i];
    const mean = sum / count;
    let squares = 0;
    for (let i = colour; i < data.length; i += 3) squares += (data[i] - mean) ** 2;
    const deviation = Math.sqrt(squares / count);
    const scale = deviation > 1e-6 ? 1 / deviation : 0;
    for (let i = colour; i < data.length; i += 3) data[i] = (data[i] - mean) * scale;
  }
}
