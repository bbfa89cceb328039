/**
 * Differentiable augmentation by its definition (Zhao et al. 2020): one operation after the other, as
 * the paper's code has them, and backwards through each.
 *
 * @module
 */

import type { DiffAugmentSpec } from "../../src/ops/diff_augment.ts";
import { fillNormal, hash4, Purpose, toUnit } from "../../src/random.ts";

/** Pictures [batch, size, size, channels] in float64, without the padding that the GPU has. */
type Pictures = Float64Array;

/** One operation on one picture: what it makes of it, and the gradient's way back. */
interface Operation {
  readonly forward: (x: Float64Array) => Float64Array;
  readonly backward: (g: Float64Array) => Float64Array;
}

/** The pictures augmented by the dice of (seed, step). */
export function diffAugment(
  pictures: Pictures,
  spec: DiffAugmentSpec,
  seed: number,
  step: number,
): Pictures {
  const { batch, size, channels, first, noise } = spec;
  // Four numbers a pixel, of all pictures of the step up to the last of these.
  const normal = new Float64Array(noise === 0 ? 0 : 4 * (first + batch) * size ** 2);
  fillNormal(normal, seed, Purpose.InstanceNoise, step);
  return eachPicture(pictures, spec, (x, number) => {
    for (const { forward } of operations(spec, seed, step, number)) x = forward(x);
    if (noise === 0) return x;
    return x.map((value, i) => {
      const pixel = number * size ** 2 + Math.floor(i / channels);
      return value + noise * normal[4 * pixel + i % channels];
    });
  });
}

/** The pictures' gradient from that of the augmented ones. */
export function diffAugmentBackward(
  gradient: Pictures,
  spec: DiffAugmentSpec,
  seed: number,
  step: number,
): Pictures {
  return eachPicture(gradient, spec, (g, number) => {
    for (const { backward } of operations(spec, seed, step, number).reverse()) g = backward(g);
    return g;
  });
}

function eachPicture(
  pictures: Pictures,
  { batch, size, channels, first }: DiffAugmentSpec,
  change: (picture: Float64Array, number: number) => Float64Array,
): Pictures {
  const length = size * size * channels;
  const out = new Float64Array(batch * length);
  for (let b = 0; b < batch; b++) {
    out.set(change(pictures.slice(b * length, (b + 1) * length), first + b), b * length);
  }
  return out;
}

function operations(
  { size, channels, policy }: DiffAugmentSpec,
  seed: number,
  step: number,
  number: number,
): Operation[] {
  const words = [0, 1].map((half) => hash4(seed, Purpose.DiffAugment, step, 2 * number + half));
  const [light, saturation, contrast] = words[0].map(toUnit);
  const [right, down, left, top] = words[1].map((word) => word >>> 8);
  const furthest = Math.round(size * 0.125);
  const shift = [right, down].map((word) => word % (2 * furthest + 1) - furthest);
  const hole = Math.floor(size * 0.5 + 0.5);
  const corner = [left, top].map((word) => word % (size + 1) - Math.floor(hole / 2));
  const chosen: Operation[] = [];
  if (policy.includes("colour")) {
    chosen.push(
      { forward: (x) => x.map((value) => value + light - 0.5), backward: (g) => g },
      linear(shrinkTo(2 * saturation, channels)),
      linear(shrinkTo(contrast + 0.5, size * size * channels)),
    );
  }
  if (policy.includes("translation")) chosen.push(translate(size, channels, shift));
  if (policy.includes("cutout")) {
    chosen.push(linear((x) =>
      x.map((value, i) => {
        const pixel = Math.floor(i / channels);
        const at = [pixel % size, Math.floor(pixel / size)];
        return at.every((p, axis) => p >= corner[axis] && p < corner[axis] + hole) ? 0 : value;
      })
    ));
  }
  return chosen;
}

/** A symmetric operation: the gradient goes back as the picture goes forth. */
function linear(forward: (x: Float64Array) => Float64Array): Operation {
  return { forward, backward: forward };
}

/** Scales the distance from the mean of each `group` neighbouring values. */
function shrinkTo(factor: number, group: number): (x: Float64Array) => Float64Array {
  return (x) => {
    const out = new Float64Array(x.length);
    for (let i = 0; i < x.length; i += group) {
      const values = x.subarray(i, i + group);
      const mean = values.reduce((sum, value) => sum + value, 0) / group;
      values.forEach((value, j) => out[i + j] = mean + factor * (value - mean));
    }
    return out;
  };
}

function translate(size: number, channels: number, [dx, dy]: readonly number[]): Operation {
  const moved = (x: Float64Array, sign: number): Float64Array => {
    const out = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) {
      const pixel = Math.floor(i / channels);
      const [u, v] = [pixel % size + sign * dx, Math.floor(pixel / size) + sign * dy];
      if (u < 0 || v < 0 || u >= size || v >= size) continue;
      out[i] = x[(v * size + u) * channels + i % channels];
    }
    return out;
  };
  return { forward: (x) => moved(x, 1), backward: (g) => moved(g, -1) };
}
