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

/** Directions done at once: bounds what their projections take in memory. */
const ROUND = 64;
/** Rounds of directions in all, 512 directions. */
export const ROUNDS = 8;

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
  const levels = takePatches(a, seed).map(({ size, data }, i): LevelSums => ({
    size,
    sums: Array.from({ length: ROUNDS }, (_, round) => roundSum(data, other[i].data, seed, round)),
  }));
  return swdOf(levels);
}

/** The sums of a level's rounds, as {@linkcode roundSum} gives them. */
export interface LevelSums {
  /** The level's pixels a side. */
  readonly size: number;
  /** One for each round. */
  readonly sums: readonly number[];
}

/** The distance that the sums of all rounds of all levels come to. */
export function swdOf(levels: readonly LevelSums[]): Swd {
  const distances = levels.map(({ size, sums }): [string, number] => [
    String(size),
    1000 * sums.reduce((total, sum) => total + sum, 0) / (ROUND * ROUNDS),
  ]);
  const avg = distances.reduce((sum, [, distance]) => sum + distance, 0) / distances.length;
  return { ...Object.fromEntries(distances), avg };
}

/**
 * How far the projections of two sets of patches [count, 147] are apart, added up over a round of
 * directions. Rounds know nothing of each other, so threads can share them.
 */
export function roundSum(a: Float32Array, b: Float32Array, seed: number, round: number): number {
  const directions = Array.from({ length: ROUND }, (_, i) => direction(seed, round * ROUND + i));
  const [ofA, ofB] = [a, b].map((patches) => {
    const out = new Float32Array(ROUND * patches.length / PATCH_LENGTH);
    project(patches, directions, out);
    return out;
  });
  const nth = (all: Float32Array, i: number): Float32Array =>
    all.subarray(i * all.length / ROUND, (i + 1) * all.length / ROUND);
  let sum = 0;
  for (let i = 0; i < ROUND; i++) sum += wasserstein(nth(ofA, i), nth(ofB, i));
  return sum;
}

/** A direction evenly distributed over the sphere: normal numbers, brought to length 1. */
function direction(seed: number, index: number): Float64Array {
  const numbers = fillNormal(new Float64Array(PATCH_LENGTH), seed, Purpose.Directions, index);
  const length = Math.hypot(...numbers);
  return numbers.map((value) => value / length);
}
