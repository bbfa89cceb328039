/**
 * What other trainers call our options: a hint by spelling alone would miss these, or name a wrong
 * one (`--num` is nearer to `--nz` than to `--count`).
 *
 * @module
 */

import type { CommandSpec } from "./declare.ts";

/** Flags elsewhere, and what to type here; the first that the command has is the one to name. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  "batch-size": ["--batch"],
  "bs": ["--batch"],
  "num": ["--count", "--samples"],
  "num-images": ["--count", "--samples"],
  "num-workers": ["--workers"],
  "epoch": ["--epochs"],
  "num-epochs": ["--epochs"],
  "learning-rate": ["--lr"],
  "image-size": ["--size"],
  "img-size": ["--size"],
  "no-augment": ["--augment off"],
  "fp16": ["--half"],
  "amp": ["--half"],
};

/** Flags elsewhere for what nobody chooses here. */
const NOT_CHOSEN: Readonly<Record<string, string>> = {
  "device": "The fastest adapter is taken by itself.",
  "gpu": "The fastest adapter is taken by itself.",
  "gpus": "One adapter computes, the fastest, and is taken by itself.",
};

/** What to say of a flag that other trainers have, with a space before; empty for any other. */
export function synonymHint(flag: string, command: CommandSpec): string {
  const word = flag.replace(/^-+/, "").replaceAll("_", "-").toLowerCase();
  const note = NOT_CHOSEN[word];
  if (note !== undefined) return ` ${note}`;
  const known = (text: string): boolean =>
    command.options.some(({ name }) => text.split(" ")[0] === `--${name}`);
  const ours = SYNONYMS[word]?.find(known);
  return ours === undefined ? "" : ` Did you mean ${ours}?`;
}
