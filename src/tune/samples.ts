/**
 * A product checked against float64 at sampled places: cheap enough to do before every timing.
 *
 * @module
 */

import type { ConvShape, Product } from "../ops/conv/product.ts";
import { hash4 } from "../random.ts";

/** The three tensors of a product as numbers; see ops/conv/product.ts for their layouts. */
export interface HostTensors {
  /** [B, 2H, 2W, big]. */
  readonly big: Float32Array;
  /** [B, H, W, small]. */
  readonly small: Float32Array;
  /** [tap][big][small]. */
  readonly weight: Float32Array;
}

/** Calls `visit` with the taps by which small pixel (y, x) meets the big side, and the big pixel. */
function meetings(
  { height, width }: ConvShape,
  y: number,
  x: number,
  visit: (tap: number, bigPixel: number) => void,
): void {
  for (let tap = 0; tap < 16; tap++) {
    const [by, bx] = [2 * y - 1 + (tap >> 2), 2 * x - 1 + (tap & 3)];
    if (by >= 0 && by < 2 * height && bx >= 0 && bx < 2 * width) visit(tap, by * 2 * width + bx);
  }
}

/** One element of a product in float64. */
export function exactElement(
  product: Product,
  shape: ConvShape,
  { big, small, weight }: HostTensors,
  index: number,
): number {
  const { batch, height, width, big: bigs, small: smalls } = shape;
  let value = 0;
  if (product === "down") {
    const s = index % smalls;
    const pixel = Math.floor(index / smalls);
    const [x, y] = [pixel % width, Math.floor(pixel / width) % height];
    const image = Math.floor(pixel / (width * height)) * 4 * height * width;
    meetings(shape, y, x, (tap, at) => {
      for (let c = 0; c < bigs; c++) {
        value += big[(image + at) * bigs + c] * weight[(tap * bigs + c) * smalls + s];
      }
    });
  } else if (product === "up") {
    const c = index % bigs;
    const pixel = Math.floor(index / bigs);
    const at = pixel % (4 * height * width);
    const image = Math.floor(pixel / (4 * height * width)) * height * width;
    const [bx, by] = [at % (2 * width), Math.floor(at / (2 * width))];
    // Only the small pixels around half the position can meet it.
    for (let y = Math.max(0, (by >> 1) - 1); y <= Math.min(height - 1, (by >> 1) + 1); y++) {
      for (let x = Math.max(0, (bx >> 1) - 1); x <= Math.min(width - 1, (bx >> 1) + 1); x++) {
        meetings(shape, y, x, (tap, met) => {
          if (met !== at) return;
          for (let s = 0; s < smalls; s++) {
            const from = (image + y * width + x) * smalls + s;
            value += small[from] * weight[(tap * bigs + c) * smalls + s];
          }
        });
      }
    }
  } else {
    const s = index % smalls;
    const c = Math.floor(index / smalls) % bigs;
    const wanted = Math.floor(index / smalls / bigs);
    for (let b = 0; b < batch; b++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [by, bx] = [2 * y - 1 + (wanted >> 2), 2 * x - 1 + (wanted & 3)];
          if (by < 0 || by >= 2 * height || bx < 0 || bx >= 2 * width) continue;
          const at = (b * 2 * height + by) * 2 * width + bx;
          value += big[at * bigs + c] * small[((b * height + y) * width + x) * smalls + s];
        }
      }
    }
  }
  return value;
}

/**
 * The largest error of a result at `count` sampled places, first and last included, each relative
 * to the root mean square of the sampled exact values; infinite if any element at all is no number.
 */
export function sampledError(
  product: Product,
  shape: ConvShape,
  operands: HostTensors,
  result: Float32Array,
  count = 200,
): number {
  if (result.some((x) => !Number.isFinite(x))) return Infinity;
  let [worst, squares] = [0, 0];
  for (let i = 0; i < count; i++) {
    const index = i === 0 ? 0 : i === 1 ? result.length - 1 : hash4(i, 0, 0, 0)[0] % result.length;
    const value = exactElement(product, shape, operands, index);
    worst = Math.max(worst, Math.abs(result[index] - value));
    squares += value * value;
  }
  return worst / Math.sqrt(squares / count);
}
