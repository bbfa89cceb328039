/**
 * What we use of the Deno standard library, through npm (JSR may be out of reach), with types: the
 * npm package ships plain JavaScript.
 *
 * @module
 */

import { closestString as closest } from "npm:deno-std@1.4.0/text/closest_string.js";
import { levenshteinDistance as distance } from "npm:deno-std@1.4.0/text/levenshtein_distance.js";
import { encodeBase64 as base64 } from "npm:deno-std@1.4.0/encoding/base64.js";
import { parse } from "npm:deno-std@1.4.0/toml/parse.js";

/** Parses TOML; throws a SyntaxError that says where it went wrong. */
export const parseToml: (text: string) => Record<string, unknown> = parse;

/** The word of a list that is nearest to the one given. */
export const closestString: (word: string, words: readonly string[]) => string = closest;

/** How many letters must change to turn one word into another. */
export const levenshteinDistance: (a: string, b: string) => number = distance;

/** Bytes as base64 text. */
export const encodeBase64: (bytes: Uint8Array) => string = base64;
