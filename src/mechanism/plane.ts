/**
 * Generated samples in a plane with a fixed, straight decision boundary, and what gradient steps on
 * the generator's loss make of them (Mao et al., ICCV 2017, figure 1).
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { fillNormal, Purpose } from "../random.ts";
import { type PullName, PullProbe } from "./pull.ts";

/** A place in the plane. */
export interface Point {
  /** To the right. */
  readonly x: number;
  /** Upwards. */
  readonly y: number;
}

/** The boundary's unit normal, towards the photos; it goes through the origin. */
const NORMAL: Point = { x: -0.28, y: 0.96 };

/** The place so far along the boundary and so far from it. */
export function placeAt(along: number, distance: number): Point {
  return {
    x: NORMAL.y * along + NORMAL.x * distance,
    y: -NORMAL.x * along + NORMAL.y * distance,
  };
}

/** Photos: a cloud around distance 1, the same each time. */
export function photosInPlane(count = 60): Point[] {
  const random = new Float32Array(2 * count);
  fillNormal(random, 1, Purpose.Noise, 0);
  return Array.from(
    { length: count },
    (_, i) => placeAt(1.6 * random[2 * i], 1 + 0.18 * random[2 * i + 1]),
  );
}

/** A generated sample, by where it stands to the boundary. */
export interface Sample {
  /** How far along it. */
  readonly along: number;
  /** Its signed distance: above 0 the discriminator says photo. */
  readonly distance: number;
}

/** Samples told from photos, near the boundary, and far away on the photos' side. */
export const SAMPLES: readonly Sample[] = [-1.6, -0.8, 0, 0.5, 1.6, 2.2, 2.8, 3.4]
  .map((distance, i) => ({ along: i - 3.5, distance }));

/** What gradient steps made of samples. */
export interface Paths {
  /** How far along the boundary each is. */
  readonly along: readonly number[];
  /** Distances from the boundary before the first step and after each, [steps + 1][sample]. */
  readonly distances: readonly Float32Array[];
}

/**
 * Moves samples by gradient descent on the generator's loss, each by its own; the slopes come from the
 * loss's kernel. A straight boundary pulls along its normal alone. `rate` is the length of a step for a
 * slope of 1.
 */
export async function descend(
  gpu: Gpu,
  pull: PullName,
  { samples = SAMPLES, steps, rate }: {
    readonly samples?: readonly Sample[];
    readonly steps: number;
    readonly rate: number;
  },
): Promise<Paths> {
  using probe = new PullProbe(gpu, pull, samples.length);
  const distances = [Float32Array.from(samples, ({ distance }) => distance)];
  for (let step = 0; step < steps; step++) {
    const before = distances[step];
    const { slope } = await probe.probe(before);
    distances.push(before.map((distance, i) => distance - rate * slope[i]));
  }
  return { along: samples.map(({ along }) => along), distances };
}
