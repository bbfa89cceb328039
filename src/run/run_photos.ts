/**
 * The photos of a run as it read them, to judge it by.
 *
 * @module
 */

import type { Layout } from "../data/mod.ts";
import type { RunConfig } from "./run_config.ts";

/** How to read the photos that a run was trained on and those it was kept from. */
export interface RunPhotos {
  /** Where they are; absent where the run drew facades itself. */
  readonly source?: readonly string[];
  /** The share that was held out. */
  readonly holdout: number;
  /** The part of each picture that is the photo. */
  readonly layout: Layout;
  /** Whether black or grey wedges are cut off. */
  readonly trimBorder: boolean;
  /** The share of a JPEG's rows that must be there; absent in runs that do not say. */
  readonly minIntact?: number;
  /** The pixels of the largest picture; absent in runs that do not say. */
  readonly maxPixels?: number;
}

/** The photos of a run, from its settings. */
export function photosOfRun({ options, photos: { source } }: RunConfig): RunPhotos {
  const { holdout = 0, crop = "whole", "trim-border": trimBorder = false } = options;
  const { "min-intact": minIntact, "max-pixels": maxPixels } = options;
  return {
    ...(typeof source === "string" ? {} : { source }),
    holdout: Number(holdout),
    layout: crop as Layout,
    trimBorder: trimBorder === true,
    ...(minIntact === undefined ? {} : { minIntact: Number(minIntact) }),
    ...(maxPixels === undefined ? {} : { maxPixels: Number(maxPixels) }),
  };
}
