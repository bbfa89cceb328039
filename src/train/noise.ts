/**
 * The noise that pictures are drawn from.
 *
 * @module
 */

import { fillNormal, Purpose } from "../random.ts";

/** Noise, and the seed of each picture in words. */
export interface PictureNoise {
  /** Shape [N, nz]. */
  readonly noise: Float32Array<ArrayBuffer>;
  /** How each picture's noise came about. */
  readonly labels: readonly string[];
}

/**
 * Noise of `count` pictures of one seed: picture i depends on the seed and i alone, so more pictures
 * leave the first ones as they were.
 */
export function noiseOfSeed(
  count: number,
  nz: number,
  seed: number,
  truncation?: number,
): PictureNoise {
  const noise = new Float32Array(count * nz);
  for (let i = 0; i < count; i++) {
    drawNoise(noise.subarray(i * nz, (i + 1) * nz), seed, i, truncation);
  }
  return { noise, labels: Array.from({ length: count }, (_, i) => `${seed}, picture ${i}`) };
}

/** Noise of one picture of each seed: the first that the seed has. */
export function noiseOfSeeds(
  seeds: readonly number[],
  nz: number,
  truncation?: number,
): PictureNoise {
  const noise = new Float32Array(seeds.length * nz);
  for (const [i, seed] of seeds.entries()) {
    drawNoise(noise.subarray(i * nz, (i + 1) * nz), seed, 0, truncation);
  }
  return { noise, labels: seeds.map((seed) => `${seed}, picture 0`) };
}

/** Noise on the great circle from one seed's first picture to another's, both ends included. */
export function noiseOfWalk(
  [from, to]: readonly [number, number],
  frames: number,
  nz: number,
  truncation?: number,
): PictureNoise {
  const { noise: ends } = noiseOfSeeds([from, to], nz, truncation);
  const noise = new Float32Array(frames * nz);
  for (let i = 0; i < frames; i++) {
    const at = i / (frames - 1);
    noise.set(slerp(ends.subarray(0, nz), ends.subarray(nz), at), i * nz);
  }
  const labels = Array.from({ length: frames }, (_, i) => `${from} to ${to}, frame ${i}`);
  return { noise, labels };
}

/**
 * Spherical interpolation. Normal noise of many dimensions lies close to a sphere; the straight way
 * between two points leads through its empty inside, where the generator has never been.
 */
export function slerp(
  a: Float32Array,
  b: Float32Array,
  at: number,
): Float32Array<ArrayBuffer> {
  const norm = (v: Float32Array): number => Math.hypot(...v);
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, dot / (norm(a) * norm(b)))));
  const sine = Math.sin(angle);
  const [wa, wb] = sine < 1e-6
    ? [1 - at, at]
    : [Math.sin((1 - at) * angle) / sine, Math.sin(at * angle) / sine];
  return Float32Array.from(a, (value, i) => wa * value + wb * b[i]);
}

/** Fills in a picture's noise; numbers beyond the truncation are drawn again. */
function drawNoise(out: Float32Array, seed: number, picture: number, truncation?: number): void {
  fillNormal(out, seed, Purpose.Samples, picture);
  if (truncation === undefined) return;
  const again = new Float32Array(out.length);
  for (let attempt = 1; out.some((value) => Math.abs(value) > truncation); attempt++) {
    // Counters of other attempts lie far from any picture's own.
    fillNormal(again, seed, Purpose.Samples, (picture + attempt * 0x01000193) >>> 0);
    for (let i = 0; i < out.length; i++) if (Math.abs(out[i]) > truncation) out[i] = again[i];
    if (attempt === 1000) { // so narrow that drawing again would take for ever
      for (let i = 0; i < out.length; i++) {
        out[i] = Math.min(truncation, Math.max(-truncation, out[i]));
      }
    }
  }
}
