/**
 * Sliced Wasserstein distance on Laplacian pyramids, as Karras et al. measure pictures ("Progressive
 * Growing of GANs", ICLR 2018, section 5 and appendix): per level of the pyramid, how far the
 * distribution of 7x7 patches is from that of the photos, seen from 512 random directions.
 *
 * @module
 */

import { fillNormal, Purpose } from "../random.ts";
import { PATCH_LENGTH, takePatches } from "./patches.ts";
import { checkComparable, type PictureSet } from "./picture_set.ts";
import { project } from "./project.ts";
import { wasserstein } from "./wasserstein.ts";

/** Random directions in all. */
const DIRECTIONS = 512;
/** Directions done at once: bounds what their projections take in memory. */
const ROUND = 64;

/** Distances times 1,000. */
export interface Swd {
  /** The mean over the levels. */
  readonly avg: number;
  /** By the level's pixels a side. */
  readonly [size: string]: number;
}

/**
 * The distance between two sets of pictures per level and on average. The sets may differ in
 * number; the fewer pictures, the larger the distance that chance alone makes.
 *
 * @throws {UserError} If the pictures differ in size or a set is empty.
 */
export function slicedWasserstein(
  a: PictureSet,
  b: PictureSet,
  { seed = 1 }: { readonly seed?: number } = {},
): Swd {
  checkComparable(a, b, 1);
  const other = takePatches(b, seed);
  const levels = takePatches(a, seed).map(({ size, data }, i): [string, number] => [
    String(size),
    1000 * levelDistance(data, other[i].data, seed),
  ]);
  const avg = levels.reduce((sum, [, distance]) => sum + distance, 0) / levels.length;
  return { ...Object.fromEntries(levels), avg };
}

/** The mean over the directions of how far the projections are apart. */
function levelDistance(a: Float32Array, b: Float32Array, seed: number): number {
  const [ofA, ofB] = [a, b].map(({ length }) => new Float32Array(ROUND * length / PATCH_LENGTH));
  const nth = (all: Float32Array, i: number): Float32Array =>
    all.subarray(i * all.length / ROUND, (i + 1) * all.length / ROUND);
  let sum = 0;
  for (let from = 0; from < DIRECTIONS; from += ROUND) {
    const directions = Array.from({ length: ROUND }, (_, i) => direction(seed, from + i));
    project(a, directions, ofA);
    project(b, directions, ofB);
    for (let i = 0; i < ROUND; i++) sum += wasserstein(nth(ofA, i), nth(ofB, i));
  }
  return sum / DIRECTIONS;
}

/** A direction evenly distributed over the sphere: normal numbers, brought to length 1. */
function direction(seed: number, index: number): Float64Array {
  const numbers = fillNormal(new Float64Array(PATCH_LENGTH), seed, Purpose.Directions, index);
  const length = Math.hypot(...numbers);
  return numbers.map((value) => value / length);
}
