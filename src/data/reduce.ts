/**
 * Shaping a decoded picture into what is kept of it: the photo within the picture, small, but with
 * all the pixels that any crop needs.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";
import type { Augmentation, Layout } from "./options.ts";
import { type Rect, resample } from "../image/resample.ts";
import { findPhoto } from "./trim_border.ts";

/** What shapes a kept photo; two equal settings give equal pixels. */
export interface ReduceSettings {
  /** Pixels of the kept photo's short side. */
  readonly side: number;
  /** Which part of the picture is the photo. */
  readonly layout: Layout;
  /** Whether black and grey margins are cut off. */
  readonly trimBorder: boolean;
}

/** Of photos longer than this times their short side, the middle is kept. */
export const MAX_ASPECT = 2;

/** The short side to keep so that the smallest crop still has `size` pixels of its own. */
export function keptSide(size: number, { crop }: Augmentation): number {
  return crop ? Math.ceil(size / crop[0]) : size;
}

/** How short a side may get by decoding at reduced size, without showing in the result. */
export function decodeSide({ side, layout, trimBorder }: ReduceSettings): number {
  // Twice what is needed, and that much more where only a part of the picture will be kept.
  return 2 * side * (layout === "whole" ? 1 : 2) * (trimBorder ? 2 : 1);
}

/** Cuts out the photo and reduces it so that its short side has `side` pixels. */
export function reducePhoto(
  image: RgbImage,
  { side, layout, trimBorder }: ReduceSettings,
): RgbImage {
  let rect: Rect = { x: 0, y: 0, width: image.width, height: image.height };
  if (layout !== "whole") {
    const width = image.width / 2;
    rect = { ...rect, x: layout === "right" ? width : 0, width };
  }
  if (trimBorder) rect = findPhoto(image, rect);
  const long = MAX_ASPECT * Math.min(rect.width, rect.height);
  const width = Math.min(rect.width, long);
  const height = Math.min(rect.height, long);
  rect = {
    x: rect.x + (rect.width - width) / 2,
    y: rect.y + (rect.height - height) / 2,
    width,
    height,
  };
  const scale = side / Math.min(width, height);
  return resample(image, rect, Math.round(width * scale), Math.round(height * scale));
}
