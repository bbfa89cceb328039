/**
 * Settings that go well together, by what the machine can do.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import type { TrainSettings } from "./settings.ts";

/** A starting point for a run: settings, and how far to go. */
export interface Preset extends Pick<TrainSettings, "lrD" | "upsample"> {
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

/** All presets. */
export const PRESETS = {
  // Small batches, large steps, those of the discriminator smaller, a short average: what shows
  // windows soonest on two cores.
  small: {
    width: 16,
    batch: 8,
    lr: 2e-3,
    lrD: 5e-4,
    ema: 0.97,
    upsample: "even",
    steps: 1000,
  },
  full: { width: 64, batch: 64, lr: 2e-4, lrD: 0, ema: 0.999, upsample: "free", steps: 10_000 },
} as const satisfies Record<string, Preset>;

/** The name of a preset. */
export type PresetName = keyof typeof PRESETS;

/** The preset for an adapter: the book's network on a GPU, a demo on a software adapter. */
export function presetFor({ software }: Pick<Gpu, "software">): Preset {
  return PRESETS[software ? "small" : "full"];
}
