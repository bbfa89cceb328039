/**
 * Options that several commands have.
 *
 * @module
 */

import { MAX_PIXELS } from "../../data/options.ts";
import { FACADE_STYLES } from "../../synth/facade.ts";
import { CHANNELS, PICTURE_SIZES } from "../../model/layers.ts";

/** The largest seed: an unsigned 32-bit integer. */
export const MAX_SEED = 2 ** 32 - 1;

/** A file with options. */
export const CONFIG = {
  name: "config",
  type: "path",
  value: "FILE",
  help: "read options from a JSON or TOML file; a run's config.json repeats that run",
  env: "FACADEGAN_CONFIG",
  group: "General",
} as const;

/** The size of the pictures that networks draw. */
export const SIZE_OF_PRESET = {
  name: "size",
  type: "integer",
  value: "PIXELS",
  oneOf: PICTURE_SIZES,
  help: "pixels a side of the pictures",
  defaultText: "by the preset: 64",
} as const;

/** The same where there is no preset. */
export const SIZE = {
  name: "size",
  type: "integer",
  value: "PIXELS",
  oneOf: PICTURE_SIZES,
  help: "pixels a side of the pictures",
  default: 64,
} as const;

/** How many channels pictures have. */
export const CHANNELS_OPTION = {
  name: "channels",
  type: "integer",
  value: "N",
  oneOf: CHANNELS,
  help: "3 for colour, 1 for grey; colour photos are converted (Rec. 601 luma)",
  default: 3,
} as const;

/** How much of a JPEG that was cut short must be there. */
export const MIN_INTACT = {
  name: "min-intact",
  type: "number",
  value: "SHARE",
  min: 0,
  max: 1,
  help: "use JPEGs that were cut short if this share of their rows is there",
  default: 0.9,
} as const;

/** The size of picture files that are decoded at all. */
export const MAX_PIXELS_OPTION = {
  name: "max-pixels",
  type: "integer",
  value: "N",
  min: 256,
  max: 2 ** 30,
  help: "leave out photos of more pixels; a small file may claim many, and take much memory",
  default: MAX_PIXELS,
} as const;

/** The kind of facades that are drawn. */
export const FACADES = {
  name: "facades",
  type: "choice",
  choices: FACADE_STYLES,
  value: "NAME",
  help: "which facades are drawn: plain houses of one street, or fronts of every sort",
  default: "street",
} as const;

/** Nothing but errors. */
export const QUIET = {
  name: "quiet",
  short: "q",
  type: "flag",
  help: "print nothing but warnings and errors",
  env: "FACADEGAN_QUIET",
  group: "General",
} as const;

/** Machine-readable result. */
export const JSON_RESULT = {
  name: "json",
  type: "flag",
  help: "print the result as one line of JSON",
  group: "General",
} as const;

/** Which checkpoint. */
export const CHECKPOINT = {
  name: "checkpoint",
  type: "path",
  value: "FILE",
  help: "a checkpoint, or a run folder for its last one",
  defaultText: "the last run's last",
  env: "FACADEGAN_CHECKPOINT",
  group: "Generator",
} as const;

/** Which of its weights. */
export const WEIGHTS = {
  name: "weights",
  type: "choice",
  choices: ["ema", "current"],
  value: "NAME",
  help: "ema: the moving average over training; current: the weights as they were",
  defaultText: "ema where the checkpoint has it",
  group: "Generator",
} as const;

/** The part of each picture that is the photo. */
export const CROP = {
  name: "crop",
  type: "choice",
  choices: ["whole", "left", "right"],
  value: "PART",
  help: "the part of each picture that is the photo; left and right are for pix2pix pairs",
} as const;

/** Photos kept apart. */
export const HOLDOUT = {
  name: "holdout",
  type: "number",
  value: "X",
  min: 0,
  max: 1,
  belowMax: true,
  help: "keep this share of the photos out of training, chosen by a hash of each file, to judge by",
} as const;

/** Threads for photos. */
export const WORKERS = {
  name: "workers",
  type: "integer",
  value: "N",
  min: 1,
  max: 256,
  help: "threads that prepare photos; changes the speed, never the result",
  defaultText: "the processor's cores, at most 8",
  env: "FACADEGAN_WORKERS",
} as const;
