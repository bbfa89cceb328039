/**
 * The sample grids of a run, read back in order: for the animation and the report.
 *
 * @module
 */

import { PngDecoder } from "../image/png_decoder.ts";
import { makeGrid, type RgbImage } from "../image/image.ts";
import type { RunFolder } from "./folder.ts";

/** Some samples of a step. */
export interface TimelineEntry {
  /** The step. */
  readonly step: number;
  /** The first of its samples as a grid. */
  readonly grid: RgbImage;
}

const GAP = 2;

/**
 * Some of a step's samples, the first `pictures` of them, each `size` pixels a side, side by side.
 *
 * @returns undefined where the file is damaged or gone.
 */
export async function readSamples(
  folder: RunFolder,
  step: number,
  { pictures, size }: { readonly pictures: number; readonly size: number },
): Promise<TimelineEntry | undefined> {
  try {
    const png = await Deno.readFile(folder.sample(step));
    const grid = new PngDecoder().decode(png, [255, 255, 255], Infinity, 2 ** 27);
    const all = cutGrid(grid, size);
    if (all.length === 0) return undefined; // pictures of another size
    return { step, grid: makeGrid(all.slice(0, pictures), { gap: GAP }) };
  } catch {
    return undefined; // a picture is not worth a report
  }
}

/**
 * The numbers below `count` in an order in which one may stop at any time: what has come so far is spread
 * over all of them, both ends first.
 */
export function coarseToFine(count: number): number[] {
  const order = new Set<number>(count > 0 ? [count - 1, 0] : []);
  for (let stride = count; stride > 1; stride = Math.ceil(stride / 2)) {
    for (let i = Math.ceil(stride / 2); i < count; i += stride) order.add(i);
    if (stride === 2) break;
  }
  for (let i = 0; i < count; i++) order.add(i);
  return [...order];
}

/** `count` elements of a list, evenly spaced, its ends included. */
export function chooseEvenly<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from(
    { length: count },
    (_, i) => list[Math.round(i * (list.length - 1) / (count - 1))],
  );
}

/** The pictures, `size` pixels a side, of a grid that `makeGrid()` made, empty places included. */
function cutGrid(grid: RgbImage, size: number): RgbImage[] {
  const columns = Math.floor((grid.width - GAP) / (size + GAP));
  const rows = Math.floor((grid.height - GAP) / (size + GAP));
  return Array.from({ length: columns * rows }, (_, i) => {
    const left = GAP + (i % columns) * (size + GAP);
    const top = GAP + Math.floor(i / columns) * (size + GAP);
    const data = new Uint8Array(3 * size * size);
    for (let y = 0; y < size; y++) {
      const from = 3 * ((top + y) * grid.width + left);
      data.set(grid.data.subarray(from, from + 3 * size), 3 * size * y);
    }
    return { width: size, height: size, data };
  });
}
