/**
 * Counter-based randomness: every random number of a run is a pure function of
 * (seed, purpose, counter, index). Nothing is drawn from a stream, so a resumed run, or one with
 * another number of workers, sees the same numbers.
 *
 * The hash is pcg4d (Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020):
 * 32-bit integer arithmetic only, hence the same bits here and in shaders/noise.wgsl.
 *
 * @module
 */

/** What a random number is for; two purposes never share a number. */
export const Purpose = {
  /** Initial weights; the counter is the parameter's index. */
  Weights: 1,
  /** The generator's input of a training step; the counter is the step. */
  Noise: 2,
  /** The order of the photos; the counter is the epoch. */
  Shuffle: 3,
  /** Crop, flip and light of a photo; the counter is the epoch, the index the photo's. */
  Augment: 4,
  /** Noise for pictures shown to people; the counter is the picture's index. */
  Samples: 5,
  /** The procedural facades; the counter is the facade's index. */
  Synth: 6,
  /** Where the patches that stand for a picture lie; the counter is the pyramid level's size. */
  Patches: 7,
  /** The directions that patches are projected on; the counter is the direction. */
  Directions: 8,
  /** Seeds of the noise after a run was rolled back; the counter is how often that was. */
  Redraw: 9,
  /** What becomes of pictures on their way into the discriminator; the counter is the step. */
  DiffAugment: 10,
  /** Noise on those pictures; the counter is the step, the index the pixel. */
  InstanceNoise: 11,
} as const;

/** One of the values of {@linkcode Purpose}. */
export type Purpose = typeof Purpose[keyof typeof Purpose];

/** Four 32-bit words that depend on all four inputs: pcg4d. */
export function hash4(
  a: number,
  b: number,
  c: number,
  d: number,
): [number, number, number, number] {
  let x = (Math.imul(a, 1664525) + 1013904223) >>> 0;
  let y = (Math.imul(b, 1664525) + 1013904223) >>> 0;
  let z = (Math.imul(c, 1664525) + 1013904223) >>> 0;
  let w = (Math.imul(d, 1664525) + 1013904223) >>> 0;
  for (let round = 0; round < 2; round++) {
    x = (x + Math.imul(y, w)) >>> 0;
    y = (y + Math.imul(z, x)) >>> 0;
    z = (z + Math.imul(x, y)) >>> 0;
    w = (w + Math.imul(y, z)) >>> 0;
    if (round === 0) {
      x = (x ^ (x >>> 16)) >>> 0;
      y = (y ^ (y >>> 16)) >>> 0;
      z = (z ^ (z >>> 16)) >>> 0;
      w = (w ^ (w >>> 16)) >>> 0;
    }
  }
  return [x, y, z, w];
}

/** A 32-bit word as a number in the open interval (0, 1), of 24 bits, exact in float32. */
export function toUnit(word: number): number {
  return ((word >>> 8) + 0.5) / 16777216;
}

/** Uniform number `index` of (seed, purpose, counter), in (0, 1). */
export function uniform(seed: number, purpose: Purpose, counter: number, index: number): number {
  return toUnit(hash4(seed, purpose, counter, index >>> 2)[index & 3]);
}

/**
 * Fills `out` with standard normal numbers (Box-Muller): element `i` depends on
 * (seed, purpose, counter, i) alone.
 */
export function fillNormal<T extends Float32Array | Float64Array>(
  out: T,
  seed: number,
  purpose: Purpose,
  counter: number,
): T {
  for (let i = 0; i < out.length; i += 4) {
    const words = hash4(seed, purpose, counter, i >>> 2);
    for (let pair = 0; pair < 2; pair++) {
      const radius = Math.sqrt(-2 * Math.log(toUnit(words[2 * pair])));
      const angle = 2 * Math.PI * toUnit(words[2 * pair + 1]);
      const at = i + 2 * pair;
      if (at < out.length) out[at] = radius * Math.cos(angle);
      if (at + 1 < out.length) out[at + 1] = radius * Math.sin(angle);
    }
  }
  return out;
}

/** The numbers 0 to n-1 in random order (Fisher-Yates), a function of (seed, purpose, counter). */
export function permutation(
  n: number,
  seed: number,
  purpose: Purpose,
  counter: number,
): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform(seed, purpose, counter, i) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
