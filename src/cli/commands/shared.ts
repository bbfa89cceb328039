/**
 * Options that several commands have.
 *
 * @module
 */

import { PICTURE_SIZES } from "../../model/layers.ts";

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
export const SIZE = {
  name: "size",
  type: "integer",
  value: "PIXELS",
  oneOf: PICTURE_SIZES,
  help: "pixels a side of the pictures",
  default: 64,
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
