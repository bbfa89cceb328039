/**
 * picomatch (npm), with the types of what we use: it ships none.
 *
 * @module
 */

import picomatch from "npm:picomatch@4.0.7";

interface Picomatch {
  (pattern: string): (path: string) => boolean;
  scan(pattern: string): { readonly base: string; readonly glob: string; readonly isGlob: boolean };
}

const library = picomatch as Picomatch;

/**
 * A pattern's folder, and whether a path within it, parts separated by "/", fits; undefined for a path
 * without wildcards.
 */
export function readPattern(
  pattern: string,
): { base: string; fits: (path: string) => boolean } | undefined {
  const { base, glob, isGlob } = library.scan(pattern);
  // Brackets alone, as in "photos (2)", are names.
  return isGlob && /[*?[{]/.test(pattern) ? { base: base || ".", fits: library(glob) } : undefined;
}
