/**
 * fastest-levenshtein (npm): how many letters must change to turn one word into another.
 *
 * @module
 */

export { distance } from "npm:fastest-levenshtein@1.0.16";
