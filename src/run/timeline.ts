/**
 * The sample grids of a run, read back in order: for the animation and the report.
 *
 * @module
 */

import { PngDecoder } from "../image/png_decoder.ts";
import { makeGrid, type RgbImage } from "../image/image.ts";
/** Pixels a side of a sample: the only size that runs have so far. */
const IMAGE_SIZE = 64;
import type { RunFolder } from "./folder.ts";

/** The samples of a step. */
export interface TimelineEntry {
  /** The step. */
  readonly step: number;
  /** The first of its samples as a grid. */
  readonly grid: RgbImage;
}

const GAP = 2;

/** At most `frames` of a run's sample grids, evenly chosen, first and last included. */
export async function readTimeline(
  folder: RunFolder,
  options: { readonly frames: number; readonly pictures: number },
): Promise<TimelineEntry[]> {
  const steps = chooseEvenly(await folder.sampleSteps(), options.frames);
  const decoder = new PngDecoder();
  const entries: TimelineEntry[] = [];
  for (const step of steps) {
    const png = await Deno.readFile(folder.sample(step));
    const grid = decoder.decode(png, [255, 255, 255], Infinity, 2 ** 27);
    entries.push({ step, grid: makeGrid(cutGrid(grid).slice(0, options.pictures), { gap: GAP }) });
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

/** The pictures of a grid that `makeGrid()` made, empty places included. */
function cutGrid(grid: RgbImage): RgbImage[] {
  const columns = Math.floor((grid.width - GAP) / (IMAGE_SIZE + GAP));
  const rows = Math.floor((grid.height - GAP) / (IMAGE_SIZE + GAP));
  return Array.from({ length: columns * rows }, (_, i) => {
    const left = GAP + (i % columns) * (IMAGE_SIZE + GAP);
    const top = GAP + Math.floor(i / columns) * (IMAGE_SIZE + GAP);
    const data = new Uint8Array(3 * IMAGE_SIZE * IMAGE_SIZE);
    for (let y = 0; y < IMAGE_SIZE; y++) {
      const from = 3 * ((top + y) * grid.width + left);
      data.set(grid.data.subarray(from, from + 3 * IMAGE_SIZE), 3 * IMAGE_SIZE * y);
    }
    return { width: IMAGE_SIZE, height: IMAGE_SIZE, data };
  });
}
