/**
 * Enlarging pictures: nearest neighbour keeps the pixels visible, Lanczos smooths them.
 *
 * @module
 */

import type { RgbImage } from "./image.ts";

/** How {@linkcode upscale} fills in between the pixels. */
export type UpscaleFilter = "nearest" | "lanczos";

/** Enlarges a picture by a whole factor. */
export function upscale(image: RgbImage, factor: number, filter: UpscaleFilter): RgbImage {
  if (factor === 1) return image;
  return filter === "nearest" ? nearest(image, factor) : lanczos(image, factor);
}

function nearest({ width, height, data }: RgbImage, factor: number): RgbImage {
  const out = new Uint8Array(data.length * factor * factor);
  let at = 0;
  for (let y = 0; y < height * factor; y++) {
    const row = Math.floor(y / factor) * width;
    for (let x = 0; x < width * factor; x++) {
      const from = 3 * (row + Math.floor(x / factor));
      for (let c = 0; c < 3; c++) out[at++] = data[from + c];
    }
  }
  return { width: width * factor, height: height * factor, data: out };
}

const LOBES = 3;

/** The weights of the input samples around each of the `factor` phases of an output sample. */
function lanczosPhases(factor: number): { first: number; weights: number[] }[] {
  return Array.from({ length: factor }, (_, phase) => {
    const center = (phase + 0.5) / factor - 0.5;
    const first = Math.floor(center) - LOBES + 1;
    const raw = Array.from({ length: 2 * LOBES }, (_, tap) => {
      const x = (first + tap - center) * Math.PI;
      return x === 0 ? 1 : LOBES * Math.sin(x) * Math.sin(x / LOBES) / (x * x);
    });
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Separable: rows first into floats, then columns; the edge pixels are repeated outwards. */
function lanczos({ width, height, data }: RgbImage, factor: number): RgbImage {
  const phases = lanczosPhases(factor);
  const wide = width * factor;
  const rows = new Float32Array(3 * wide * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < wide; x++) {
      const { first, weights } = phases[x % factor];
      const base = Math.floor(x / factor) + first;
      for (let tap = 0; tap < weights.length; tap++) {
        const from = 3 * (y * width + Math.min(width - 1, Math.max(0, base + tap)));
        for (let c = 0; c < 3; c++) rows[3 * (y * wide + x) + c] += weights[tap] * data[from + c];
      }
    }
  }
  const out = new Uint8ClampedArray(3 * wide * height * factor);
  const sum = new Float32Array(3 * wide);
  for (let y = 0; y < height * factor; y++) {
    const { first, weights } = phases[y % factor];
    const base = Math.floor(y / factor) + first;
    sum.fill(0);
    for (let tap = 0; tap < weights.length; tap++) {
      const from = 3 * wide * Math.min(height - 1, Math.max(0, base + tap));
      for (let i = 0; i < sum.length; i++) sum[i] += weights[tap] * rows[from + i];
    }
    out.set(sum, 3 * wide * y);
  }
  return { width: wide, height: height * factor, data: new Uint8Array(out.buffer) };
}
