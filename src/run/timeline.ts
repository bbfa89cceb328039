/**
 * The sample grids of a run, read back in order: for the animation and the report.
 *
 * @module
 */

import { PngDecoder } from "../image/png_decoder.ts";
import { makeGrid, type RgbImage } from "../image/image.ts";
import type { RunFolder } from "./folder.ts";

/** The samples of a step. */
export interface TimelineEntry {
  /** The step. */
  readonly step: number;
  /** The first of its samples as a grid. */
  readonly grid: RgbImage;
}

const GAP = 2;

/** At most `frames` of a run's sample grids, evenly chosen, of pictures `size` pixels a side. */
export async function readTimeline(
  folder: RunFolder,
  options: { readonly frames: number; readonly pictures: number; readonly size: number },
): Promise<TimelineEntry[]> {
  const steps = chooseEvenly(await folder.sampleSteps(), options.frames);
  const decoder = new PngDecoder();
  const entries: TimelineEntry[] = [];
  for (const step of steps) {
    const png = await Deno.readFile(folder.sample(step));
    const grid = decoder.decode(png, [255, 255, 255], Infinity, 2 ** 27);
    entries.push({
      step,
      grid: makeGrid(cutGrid(grid, options.size).slice(0, options.pictures), { gap: GAP }),
    });
  }
  return entries;
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
