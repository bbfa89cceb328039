/**
 * Versions of everything that decides what a run computes.
 *
 * @module
 */

import project from "../../deno.json" with { type: "json" };

/** Our version. */
export const VERSION: string = project.version;

/** The versions that config.json records. */
export const VERSIONS: Readonly<Record<string, string>> = {
  facadegan: VERSION,
  deno: Deno.version.deno,
  v8: Deno.version.v8,
  typescript: Deno.version.typescript,
};
