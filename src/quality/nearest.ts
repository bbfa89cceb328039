/**
 * The photo that a picture is most like, and whether it is suspiciously like it: has the network
 * learnt photos by heart?
 *
 * Two pictures are as alike as their coarse structure correlates: 16x16 pixels of a Laplacian
 * pyramid's remainder, every colour's mean taken off, the length brought to 1. Light, contrast and
 * fine detail therefore do not count, small shifts hardly, and mirrored photos are looked at too,
 * since training mirrors them.
 *
 * @module
 */

import { dot } from "./dot.ts";
import { laplacianPyramid } from "./laplacian.ts";
import { pictureAt, type PictureSet } from "./picture_set.ts";

/** The photo nearest to a picture. */
export interface Nearest {
  /** Its index in its set. */
  readonly index: number;
  /** Correlation of the two, 1 for the same. */
  readonly similarity: number;
}

/** The nearest photo of each picture; with `leaveOut`, picture i is not compared with photo i. */
export function nearestPhotos(
  pictures: PictureSet,
  photos: PictureSet,
  { leaveOut = false }: { readonly leaveOut?: boolean } = {},
): Nearest[] {
  const views = range(photos.count).map((i) => {
    const picture = pictureAt(photos, i);
    return [
      structure(picture, photos.size),
      structure(mirrored(picture, photos.size), photos.size),
    ];
  });
  return range(pictures.count).map((i) => {
    const own = structure(pictureAt(pictures, i), pictures.size);
    let nearest: Nearest = { index: -1, similarity: -Infinity };
    for (const [index, both] of views.entries()) {
      if (leaveOut && index === i) continue;
      const similarity = Math.max(...both.map((view) => dot(own, view)));
      if (similarity > nearest.similarity) nearest = { index, similarity };
    }
    return nearest;
  });
}

/**
 * The similarity above which a sample counts as memorised: 99 in 100 photos are less like any other
 * photo of their set. Photos that are there twice do not raise it to 1 unless they are many.
 */
export function memorisedAbove(photos: PictureSet): number {
  const sorted = nearestPhotos(photos, photos, { leaveOut: true })
    .map(({ similarity }) => similarity).sort((a, b) => a - b);
  return sorted[Math.ceil(0.99 * sorted.length) - 1];
}

/** The share of samples that are more like a photo than the photos are like each other. */
export function memorisedShare(nearest: readonly Nearest[], above: number): number {
  return nearest.filter(({ similarity }) => similarity > above).length / nearest.length;
}

/** A picture's coarse structure, of length 1; zeros where it is of one colour. */
function structure(picture: ArrayLike<number>, size: number): Float64Array {
  const values = Float64Array.from(laplacianPyramid(picture, size).at(-1)!.data);
  for (let colour = 0; colour < 3; colour++) {
    let sum = 0;
    for (let i = colour; i < values.length; i += 3) sum += values[i];
    for (let i = colour; i < values.length; i += 3) values[i] -= 3 * sum / values.length;
  }
  const length = Math.sqrt(dot(values, values));
  return length > 1e-6 ? values.map((value) => value / length) : values.fill(0);
}

function mirrored(picture: Uint8Array, size: number): Uint8Array {
  return picture.map((_, i) => {
    const [pixel, colour] = [Math.floor(i / 3), i % 3];
    const [y, x] = [Math.floor(pixel / size), pixel % size];
    return picture[3 * (y * size + size - 1 - x) + colour];
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
