/**
 * A command line that cannot be understood, and hints about what was meant.
 *
 * @module
 */

import { distance } from "../deps/levenshtein.ts";
import { UserError } from "../errors.ts";

/** A mistake in the command line or a `--config` file: exit status 2 instead of 1. */
export class UsageError extends UserError {
  /** The class name. */
  override name = "UsageError";
}

/** ` Did you mean "--batch"?`, or nothing if no word is near; starts with a space. */
export function didYouMean(word: string, words: readonly string[]): string {
  let [nearest, least] = ["", Math.max(1, Math.ceil(word.length / 3)) + 1];
  for (const candidate of words) {
    const changes = distance(word.toLowerCase(), candidate);
    if (changes < least) [nearest, least] = [candidate, changes];
  }
  return nearest === "" ? "" : ` Did you mean ${nearest}?`;
}
