/**
 * What photos lack, said before training starts rather than after a night of it.
 *
 * @module
 */

import { findNearDuplicates } from "./duplicates.ts";
import { MAX_ASPECT } from "./reduce.ts";

/** What is known of photos; sizes and hashes may be of a part of them. */
export interface PhotoFacts {
  /** Usable photos. */
  readonly count: number;
  /** Photos in a batch. */
  readonly batch: number;
  /** Pixels a side of what the networks see. */
  readonly size: number;
  /** Width and height as stored. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  /** The photos' hashes: `hashPhoto()`. */
  readonly hashes: readonly Uint32Array[];
}

/** Below this many photos a discriminator learns them by heart within a short run. */
const FEW = 100;
/** From this share of photos that others look like on, variety is less than their number says. */
const MANY_ALIKE = 0.2;

/**
 * A line for each thing that will keep pictures from getting good, and what to do about it; settings
 * stand in backquotes.
 */
export function photoWarnings({ count, batch, size, sizes, hashes }: PhotoFacts): string[] {
  const lines: string[] = [];
  if (count === 1) {
    lines.push(
      `there is one photo: the networks can only learn it by heart; give some hundreds, ${FEW} at least`,
    );
  } else if (count < batch) {
    lines.push(
      `there are ${count} photos, fewer than a batch of ${batch}: every batch shows some twice; give ` +
        "more photos or a smaller `batch`",
    );
  } else if (count < FEW) {
    lines.push(
      `there are only ${count} photos: they will be learned by heart; give some hundreds, or train ` +
        "for a short while and look at the samples",
    );
  }
  const copies = findNearDuplicates(hashes).reduce((sum, { length }) => sum + length - 1, 0);
  if (copies >= 2 && copies >= MANY_ALIKE * hashes.length) {
    lines.push(
      `${copies} of ${hashes.length} photos look nearly like another one: they add no variety; ` +
        "dataset inspect names them, so that copies can be taken out",
    );
  }
  const small = sizes.filter(({ width, height }) => Math.min(width, height) < size);
  if (sizes.length > 0 && small.length === sizes.length) {
    const largest = small.reduce((a, b) => a.width * a.height >= b.width * b.height ? a : b);
    lines.push(
      `all photos are smaller than ${size}x${size} (the largest is ${largest.width}x` +
        `${largest.height}) and will be enlarged: give larger ones or a smaller \`size\``,
    );
  }
  const long = sizes.filter(({ width, height }) =>
    Math.max(width, height) > MAX_ASPECT * Math.min(width, height)
  );
  if (sizes.length > 0 && long.length === sizes.length) {
    lines.push(
      `all photos are more than ${MAX_ASPECT} times as long as wide or wide as long: of each only the ` +
        "middle is used; cut them into facades first",
    );
  }
  return lines;
}
