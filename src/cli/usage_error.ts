/**
 * A command line that cannot be understood, and hints about what was meant.
 *
 * @module
 */

import { closestString, levenshteinDistance } from "../deps/std.ts";
import { UserError } from "../errors.ts";

/** A mistake in the command line or a `--config` file: exit status 2 instead of 1. */
export class UsageError extends UserError {
  /** The class name. */
  override name = "UsageError";
}

/** ` Did you mean "--batch"?`, or nothing if no word is near; starts with a space. */
export function didYouMean(word: string, words: readonly string[]): string {
  if (words.length === 0) return "";
  const nearest = closestString(word, words);
  const near = levenshteinDistance(word, nearest) <= Math.max(1, Math.ceil(word.length / 3));
  return near ? ` Did you mean ${nearest}?` : "";
}
