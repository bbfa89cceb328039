/**
 * The colours that networks want.
 *
 * @module
 */

/** Colours from 0 to 255 as networks may want them: `gain * colour + bias` by channel. */
export const RANGES = {
  imagenet: {
    gain: [0.229, 0.224, 0.225].map((deviation) => 1 / 255 / deviation),
    bias: [0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225].map((shift) => -shift),
  },
  unit: { gain: [1 / 255, 1 / 255, 1 / 255], bias: [0, 0, 0] },
  signed: { gain: [2 / 255, 2 / 255, 2 / 255], bias: [-1, -1, -1] },
  bytes: { gain: [1, 1, 1], bias: [0, 0, 0] },
} as const;

/** How a network wants its colours. */
export type FeatureRange = keyof typeof RANGES;

/** The choices of {@linkcode FeatureRange}. */
export const FEATURE_RANGES = Object.keys(RANGES) as FeatureRange[];
