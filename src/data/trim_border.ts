/**
 * Finding the photo within the black or grey wedges that rectification leaves around it.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";
import { type Rect, resample } from "../image/resample.ts";

/** The search runs on a copy of at most this many pixels a side. */
const SEARCH_SIDE = 96;
/** A filling is grey, */
const NEUTRAL = 8;
/** nearly black or half-way up, */
const BLACK = 16;
const GREY: readonly [number, number] = [122, 138];
/** and flat: no farther than this from its colour in the picture's corner. */
const FLAT = 7;
/** A margin smaller than this share of the picture may be a shadow or a street: it stays. */
const WORTH_CUTTING = 0.015;
/** A photo smaller than this share is more likely a dark picture than a framed one. */
const WORTH_KEEPING = 0.25;

/**
 * The largest upright rectangle without filling, within a part of a picture; that part itself
 * where there is no filling to speak of.
 */
export function findPhoto(image: RgbImage, part: Rect): Rect {
  const scale = Math.min(1, SEARCH_SIDE / Math.max(part.width, part.height));
  const width = Math.max(1, Math.round(part.width * scale));
  const height = Math.max(1, Math.round(part.height * scale));
  const filling = markFilling(resample(image, part, width, height));
  const marked = filling.reduce((sum, value) => sum + value, 0);
  if (marked < WORTH_CUTTING * width * height) return part;
  const found = largestFree(filling, width, height);
  if (found.width * found.height < WORTH_KEEPING * width * height) return part;
  // The edge between photo and filling runs through pixels of the copy: leave those out too.
  const left = found.x > 0 ? found.x + 1 : 0;
  const top = found.y > 0 ? found.y + 1 : 0;
  const right = found.x + found.width - (found.x + found.width < width ? 1 : 0);
  const bottom = found.y + found.height - (found.y + found.height < height ? 1 : 0);
  const perX = part.width / width;
  const perY = part.height / height;
  return {
    x: part.x + left * perX,
    y: part.y + top * perY,
    width: Math.max(1, right - left) * perX,
    height: Math.max(1, bottom - top) * perY,
  };
}

/** 1 for every pixel that belongs to flat black or grey reaching in from one of the corners. */
function markFilling({ width, height, data }: RgbImage): Uint8Array {
  const marked = new Uint8Array(width * height);
  const last = width * height - 1;
  for (const corner of [0, width - 1, last - width + 1, last]) {
    const color = data.subarray(3 * corner, 3 * corner + 3);
    const [red, green, blue] = color;
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > NEUTRAL) continue;
    if (green > BLACK && (green < GREY[0] || green > GREY[1])) continue;
    const queue: number[] = [];
    const reach = (at: number): void => {
      if (marked[at] !== 0) return;
      for (let c = 0; c < 3; c++) if (Math.abs(data[3 * at + c] - color[c]) > FLAT) return;
      marked[at] = 1;
      queue.push(at);
    };
    reach(corner);
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const x = at % width;
      if (x > 0) reach(at - 1);
      if (x < width - 1) reach(at + 1);
      if (at >= width) reach(at - width);
      if (at + width <= last) reach(at + width);
    }
  }
  return marked;
}

/** The largest rectangle of zeros: row by row, over the heights of the columns ending there. */
function largestFree(marked: Uint8Array, width: number, height: number): Rect {
  const heights = new Int32Array(width + 1); // the last stays 0 and closes every rectangle
  let best: Rect = { x: 0, y: 0, width: 0, height: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) heights[x] = marked[y * width + x] ? 0 : heights[x] + 1;
    const open: { x: number; height: number }[] = [];
    for (let x = 0; x <= width; x++) {
      let start = x;
      while (open.length > 0 && open[open.length - 1].height >= heights[x]) {
        const { x: left, height: tall } = open.pop()!;
        if (tall * (x - left) > best.width * best.height) {
          best = { x: left, y: y - tall + 1, width: x - left, height: tall };
        }
        start = left;
      }
      open.push({ x: start, height: heights[x] });
    }
  }
  return best;
}
