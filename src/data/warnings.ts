/**
 * What photos lack, said before training starts rather than after a night of it.
 *
 * @module
 */

import { findNearDuplicates } from "./duplicates.ts";
import { MAX_ASPECT } from "./reduce.ts";

/** A photo's size. */
export interface PhotoSize {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** What is known of photos; sizes and hashes may be of a part of them. */
export interface PhotoFacts {
  /** Usable photos. */
  readonly count: number;
  /** Photos in a batch. */
  readonly batch: number;
  /** Pixels a side of what the networks see. */
  readonly size: number;
  /** Width and height as stored; read only as far as it takes to see that nothing is wrong with them. */
  readonly sizes: Iterable<PhotoSize>;
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
  const { largest, allSmall, allLong } = lookAtSizes(sizes, size);
  if (largest && allSmall) {
    lines.push(
      `all photos are smaller than ${size}x${size} (the largest is ${largest.width}x` +
        `${largest.height}) and will be enlarged: give larger ones or a smaller \`size\``,
    );
  }
  if (largest && allLong) {
    lines.push(
      `all photos are more than ${MAX_ASPECT} times as long as wide or wide as long: of each only the ` +
        "middle is used; cut them into facades first",
    );
  }
  return lines;
}

/** Whether all are smaller than the networks see, or all too long; the largest of those looked at. */
function lookAtSizes(
  sizes: Iterable<PhotoSize>,
  size: number,
): { largest: PhotoSize | undefined; allSmall: boolean; allLong: boolean } {
  let largest: PhotoSize | undefined;
  let [allSmall, allLong] = [true, true];
  for (const one of sizes) {
    const [short, long] = [one.width, one.height].sort((a, b) => a - b);
    if (!largest || one.width * one.height > largest.width * largest.height) largest = one;
    allSmall &&= short < size;
    allLong &&= long > MAX_ASPECT * short;
    if (!allSmall && !allLong) break; // mostly the first one says so: the others need not be read
  }
  return { largest, allSmall, allLong };
}
