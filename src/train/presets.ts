/**
 * Settings that go well together, by what the machine can do.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import type { PictureSize } from "../model/layers.ts";
import type { TrainSettings } from "./settings.ts";

/** A starting point for a run: settings, and how far to go. */
export interface Preset extends Pick<TrainSettings, "size" | "lrD" | "upsample"> {
  /** Channels next to the picture. */
  readonly width: number;
  /** Pictures in a batch. */
  readonly batch: number;
  /** Adam's learning rate. */
  readonly lr: number;
  /** Decay of the moving average. */
  readonly ema: number;
  /** Steps after which there is something to see. */
  readonly steps: number;
}

/** What docs/quality.md found best for a few hundred photos, on networks that two cores can train. */
const FEW_PHOTOS = { width: 16, lr: 2e-3, lrD: 5e-4, ema: 0.999, upsample: "even" } as const;

/** All presets. */
export const PRESETS = {
  // Small batches, large steps, those of the discriminator smaller, a short average: what shows
  // windows soonest on two cores.
  small: {
    size: 64,
    width: 16,
    batch: 8,
    lr: 2e-3,
    lrD: 5e-4,
    ema: 0.97,
    upsample: "even",
    steps: 1000,
  },
  full: {
    size: 64,
    width: 64,
    batch: 64,
    lr: 2e-4,
    lrD: 0,
    ema: 0.999,
    upsample: "free",
    steps: 10_000,
  },
  best: { ...FEW_PHOTOS, size: 64, batch: 16, steps: 3000 },
  // A short training at each of the other sizes: minutes on two cores.
  "32": { ...FEW_PHOTOS, size: 32, batch: 16, steps: 2000 },
  "128": { ...FEW_PHOTOS, size: 128, batch: 8, steps: 1000 },
  "256": { ...FEW_PHOTOS, size: 256, width: 8, batch: 8, steps: 400 },
} as const satisfies Record<string, Preset>;

/** The name of a preset. */
export type PresetName = keyof typeof PRESETS;

/**
 * The preset for an adapter and a size of pictures: the book's network on a GPU; on a software adapter a
 * demo, or a short training at that size.
 */
export function presetFor(
  { software }: Pick<Gpu, "software">,
  size: PictureSize = 64,
): Preset {
  if (!software) return { ...PRESETS.full, size };
  return size === 64 ? PRESETS.small : PRESETS[`${size}`];
}
