/**
 * Sliced Wasserstein distance written down plainly in float64: whole 5x5 filters, zeros between
 * pixels, every projection sorted. Slow.
 */

import { pictureAt, type PictureSet } from "../../../src/quality/picture_set.ts";
import { fillNormal, hash4, Purpose, toUnit } from "../../../src/random.ts";

type Plane = number[][];

const BINOMIAL = [1, 4, 6, 4, 1].map((value) => value / 16);

/** The picture seen through the 5x5 filter; mirrored about its outermost pixels. */
function smooth(plane: Plane): Plane {
  const size = plane.length;
  const mirror = (i: number): number => i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
  return plane.map((row, y) =>
    row.map((_, x) => {
      let sum = 0;
      for (let v = -2; v <= 2; v++) {
        for (let u = -2; u <= 2; u++) {
          sum += BINOMIAL[v + 2] * BINOMIAL[u + 2] * plane[mirror(y + v)][mirror(x + u)];
        }
      }
      return sum;
    })
  );
}

function pyramid(plane: Plane): Plane[] {
  const size = plane.length;
  if (size % 2 !== 0 || size / 2 < 16) return [plane];
  const even = <T>(row: T[]): T[] => row.filter((_, i) => i % 2 === 0);
  const half = even(smooth(plane)).map(even);
  const spread = plane.map((row, y) =>
    row.map((_, x) => y % 2 === 0 && x % 2 === 0 ? 4 * half[y / 2][x / 2] : 0)
  );
  const enlarged = smooth(spread);
  const band = plane.map((row, y) => row.map((value, x) => value - enlarged[y][x]));
  return [band, ...pyramid(half)];
}

/** The pyramid of one colour of a picture. */
export function referencePyramid(set: PictureSet, picture: number, colour: number): Plane[] {
  const data = pictureAt(set, picture);
  const { size } = set;
  return pyramid(Array.from(
    { length: size },
    (_, y) => Array.from({ length: size }, (_, x) => data[3 * (y * size + x) + colour]),
  ));
}

/** Normalised patches of one level: 147 numbers each. */
function patches(set: PictureSet, level: number, seed: number): number[][] {
  const found: number[][] = [];
  for (let picture = 0; picture < set.count; picture++) {
    const planes = [0, 1, 2].map((colour) => referencePyramid(set, picture, colour)[level]);
    const size = planes[0].length;
    for (let patch = 0; patch < 128; patch++) {
      const [x, y] = hash4(seed, Purpose.Patches, size, picture * 128 + patch)
        .map((word) => Math.floor(toUnit(word) * (size - 6)));
      const numbers: number[] = [];
      for (let v = 0; v < 7; v++) {
        for (let u = 0; u < 7; u++) for (const plane of planes) numbers.push(plane[y + v][x + u]);
      }
      found.push(numbers);
    }
  }
  for (let colour = 0; colour < 3; colour++) {
    const all = found.flatMap((numbers) => numbers.filter((_, i) => i % 3 === colour));
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const deviation = Math.sqrt(
      all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length,
    );
    for (const numbers of found) {
      for (let i = colour; i < numbers.length; i += 3) numbers[i] = (numbers[i] - mean) / deviation;
    }
  }
  return found;
}

/** Distance of two sets of numbers: quantile against quantile, whatever their lengths. */
export function referenceWasserstein(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [a, b].map((set) => set.toSorted((x, y) => x - y));
  let [i, j, reached, sum] = [0, 0, 0, 0];
  while (i < left.length && j < right.length) {
    // Both quantile functions are constant up to the nearer of the next two jumps.
    const next = Math.min((i + 1) / left.length, (j + 1) / right.length);
    sum += (next - reached) * Math.abs(left[i] - right[j]);
    reached = next;
    if ((i + 1) / left.length <= next) i++;
    if ((j + 1) / right.length <= next) j++;
  }
  return sum;
}

/** The distance of one level, times 1,000. */
export function referenceLevelDistance(
  a: PictureSet,
  b: PictureSet,
  level: number,
  seed: number,
): number {
  const [left, right] = [patches(a, level, seed), patches(b, level, seed)];
  let sum = 0;
  for (let index = 0; index < 512; index++) {
    const numbers = fillNormal(new Float64Array(147), seed, Purpose.Directions, index);
    const length = Math.sqrt(numbers.reduce((total, value) => total + value ** 2, 0));
    const seen = (patch: number[]): number =>
      patch.reduce((total, value, k) => total + value * numbers[k], 0) / length;
    sum += referenceWasserstein(left.map(seen), right.map(seen));
  }
  return 1000 * sum / 512;
}
