/**
 * What a photo goes through on its way into a batch: a square crop, perhaps mirrored, its
 * brightness and contrast changed a little. Every choice is a pure function of
 * (seed, epoch, photo).
 *
 * @module
 */

import { Purpose, uniform } from "../random.ts";
import type { Augmentation } from "./options.ts";
import type { SharedPhoto } from "./photo_store.ts";
import { applyWeights, axisWeights } from "../image/resample.ts";

/** The choices for one photo in one epoch. */
export interface View {
  /** The crop's left edge, in pixels of the photo. */
  readonly x: number;
  /** The crop's top edge. */
  readonly y: number;
  /** The crop's side. */
  readonly side: number;
  /** Whether it is mirrored left to right. */
  readonly flip: boolean;
  /** A level `v` becomes `gain * v + bias`: brightness and contrast together. */
  readonly gain: number;
  /** See {@linkcode gain}. */
  readonly bias: number;
}

const MID_GREY = 127.5;
/** Random numbers kept for each photo, so that a further one never moves those of its neighbour. */
const DRAWS = 8;

/** Draws the view of photo `index` (of `width` x `height` pixels) in an epoch. */
export function drawView(
  augmentation: Augmentation,
  seed: number,
  epoch: number,
  index: number,
  width: number,
  height: number,
): View {
  const draw = (k: number): number => uniform(seed, Purpose.Augment, epoch, index * DRAWS + k);
  const { crop, flip, brightness, contrast } = augmentation;
  const short = Math.min(width, height);
  const side = crop ? short * (crop[0] + (crop[1] - crop[0]) * draw(0)) : short;
  const light = 1 + brightness * (2 * draw(4) - 1);
  const spread = 1 + contrast * (2 * draw(5) - 1);
  return {
    x: (width - side) * (crop ? draw(1) : 0.5),
    y: (height - side) * (crop ? draw(2) : 0.5),
    side,
    flip: flip && draw(3) < 0.5,
    gain: light * spread,
    bias: light * (1 - spread) * MID_GREY,
  };
}

/** Renders a view of a photo as `size` x `size` pixels into `out`. */
export function renderView(
  photo: SharedPhoto,
  view: View,
  size: number,
  out: Uint8ClampedArray,
): void {
  const across = axisWeights(photo.width, view.x, view.side, size, "area");
  const down = axisWeights(photo.height, view.y, view.side, size, "area");
  if (view.flip) {
    across.first.reverse();
    // Reversing all the weights also reverses each pixel's own: put those back in order.
    across.weights.reverse();
    for (let i = 0; i < size; i++) {
      across.weights.subarray(i * across.taps, (i + 1) * across.taps).reverse();
    }
  }
  applyWeights(photo.data, photo.width, across, down, out, view.gain, view.bias);
}
