/**
 * Finding pictures that look alike, whatever their size, format or compression.
 *
 * A picture's hash says for each of 8 x 8 places whether it gets brighter to the right and
 * downwards there (the difference hash, in both directions: 128 bits). Scaling and compression
 * leave nearly all bits alone; other pictures differ in about half of them.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";
import { resample } from "../image/resample.ts";

const GRID = 8;
const WORDS = 2 * GRID * GRID / 32;
/** Hashes that differ in at most this many bits are of pictures that look alike. */
const MAX_DISTANCE = 10;
/** With more bands than differing bits, alike hashes agree in at least one band. */
const BANDS = MAX_DISTANCE + 1;

/** The 128-bit hash of a picture. */
export function hashPhoto(photo: RgbImage): Uint32Array {
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  const { data } = resample(photo, whole, GRID + 1, GRID + 1);
  const light = (x: number, y: number): number => {
    const at = 3 * (y * (GRID + 1) + x);
    return 2 * data[at] + 5 * data[at + 1] + data[at + 2];
  };
  const hash = new Uint32Array(WORDS);
  let bit = 0;
  const push = (value: boolean): void => {
    if (value) hash[bit >>> 5] |= 1 << (bit & 31);
    bit++;
  };
  for (let y = 0; y < GRID; y++) {
    for (let x = 0; x < GRID; x++) {
      push(light(x + 1, y) > light(x, y));
      push(light(x, y + 1) > light(x, y));
    }
  }
  return hash;
}

/** Groups of indices whose hashes are alike, each group and the list in rising order. */
export function findNearDuplicates(hashes: readonly Uint32Array[]): number[][] {
  const parent = hashes.map((_, index) => index);
  const root = (index: number): number => {
    while (parent[index] !== index) index = parent[index] = parent[parent[index]];
    return index;
  };
  for (let band = 0; band < BANDS; band++) {
    const buckets = new Map<string, number[]>();
    for (const [index, hash] of hashes.entries()) {
      const key = bandOf(hash, band);
      const bucket = buckets.get(key);
      if (!bucket) {
        buckets.set(key, [index]);
        continue;
      }
      for (const other of bucket) {
        if (root(other) !== root(index) && distance(hashes[other], hash) <= MAX_DISTANCE) {
          const [low, high] = [root(other), root(index)].sort((a, b) => a - b);
          parent[high] = low;
        }
      }
      bucket.push(index);
    }
  }
  const groups = new Map<number, number[]>();
  for (const index of parent.keys()) {
    const first = root(index);
    groups.set(first, [...groups.get(first) ?? [], index]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The bits `band`, `band + BANDS`, `band + 2 * BANDS` ... of a hash. */
function bandOf(hash: Uint32Array, band: number): string {
  let key = "";
  for (let bit = band; bit < 32 * WORDS; bit += BANDS) key += (hash[bit >>> 5] >>> (bit & 31)) & 1;
  return key;
}

function distance(a: Uint32Array, b: Uint32Array): number {
  let bits = 0;
  for (let i = 0; i < WORDS; i++) {
    for (let rest = a[i] ^ b[i]; rest !== 0; rest &= rest - 1) bits++;
  }
  return bits;
}
