/**
 * Multi-scale structural similarity (Wang, Simoncelli and Bovik, "Multiscale Structural Similarity
 * for Image Quality Assessment", 2003): how alike two pictures are, 1 for the same.
 *
 * Between pairs of samples it measures diversity, as Odena et al. use it (ICML 2017): a generator
 * that draws the same picture over and over scores high. Five scales with the paper's weights, a
 * Gaussian window of 11 pixels and deviation 1.5 without padding, each colour by itself and then
 * their mean. On scales smaller than the window it shrinks to the picture, its deviation with it, as
 * in the implementation of Progressive GAN. A mean below zero, possible between unlike pictures, has
 * no fractional power and counts as 0.
 *
 * @module
 */

import { pictureAt, type PictureSet } from "./picture_set.ts";

/** The weights of the scales, the finest first. */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** MS-SSIM of two pictures [size, size, 3] of 0 to 255; `size` is a multiple of 16. */
export function msSsim(a: ArrayLike<number>, b: ArrayLike<number>, size: number): number {
  let left = Float64Array.from(a);
  let right = Float64Array.from(b);
  let product = 1;
  for (const [scale, weight] of WEIGHTS.entries()) {
    const { luminance, structure } = compareScale(left, right, size);
    const last = scale === WEIGHTS.length - 1;
    product *= Math.max(0, last ? luminance : structure) ** weight;
    if (last) break;
    left = halve(left, size);
    right = halve(right, size);
    size /= 2;
  }
  return product;
}

/**
 * The mean MS-SSIM between pictures of a set: of picture i and i + N/2, so each is in one pair. Sets
 * in random order therefore give random pairs. NaN with fewer than two pictures.
 */
export function meanMsSsim(set: PictureSet): number {
  const pairs = Math.floor(set.count / 2);
  let sum = 0;
  for (let i = 0; i < pairs; i++) {
    sum += msSsim(pictureAt(set, i), pictureAt(set, i + pairs), set.size);
  }
  return sum / pairs;
}

/** Means over the window's places and colours: of contrast and structure, and of luminance times it. */
function compareScale(
  a: Float64Array,
  b: Float64Array,
  size: number,
): { readonly luminance: number; readonly structure: number } {
  const window = gaussian(Math.min(WINDOW, size));
  const product = (x: Float64Array, y: Float64Array): Float64Array => x.map((v, i) => v * y[i]);
  const [meanA, meanB, squareA, squareB, both] = [a, b, product(a, a), product(b, b), product(a, b)]
    .map((values) => smooth(values, size, window));
  let [luminance, structure] = [0, 0];
  for (let i = 0; i < meanA.length; i++) {
    const means = meanA[i] * meanB[i];
    const squares = meanA[i] ** 2 + meanB[i] ** 2;
    const contrast = (2 * (both[i] - means) + C2) / (squareA[i] + squareB[i] - squares + C2);
    structure += contrast;
    luminance += contrast * (2 * means + C1) / (squares + C1);
  }
  return { luminance: luminance / meanA.length, structure: structure / meanA.length };
}

/** A window of a width, its sum 1. */
function gaussian(width: number): Float64Array {
  const sigma = SIGMA * width / WINDOW;
  const window = Float64Array.from(
    { length: width },
    (_, i) => Math.exp(-((i - (width - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const sum = window.reduce((total, value) => total + value, 0);
  return window.map((value) => value / sum);
}

/** [size, size, 3] seen through the window along both axes, where it lies within. */
function smooth(values: Float64Array, size: number, window: Float64Array): Float64Array {
  const inside = size - window.length + 1;
  const rows = new Float64Array(size * inside * 3);
  for (let y = 0; y < size; y++) {
    for (let i = 0; i < 3 * inside; i++) {
      let sum = 0;
      for (let k = 0; k < window.length; k++) sum += window[k] * values[3 * y * size + i + 3 * k];
      rows[3 * y * inside + i] = sum;
    }
  }
  const out = new Float64Array(inside * inside * 3);
  const row = 3 * inside;
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < window.length; k++) sum += window[k] * rows[i + k * row];
    out[i] = sum;
  }
  return out;
}

/** The mean of every 2x2 pixels. */
function halve(values: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const half = size / 2;
  const out = new Float64Array(3 * half * half);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      for (let k = 0; k < 3; k++) {
        const at = 3 * (2 * y * size + 2 * x) + k;
        out[3 * (y * half + x) + k] =
          (values[at] + values[at + 3] + values[at + 3 * size] + values[at + 3 * size + 3]) / 4;
      }
    }
  }
  return out;
}
