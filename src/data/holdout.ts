/**
 * Photos kept apart from training, to judge by.
 *
 * A picture's bytes decide, through their SHA-256: the same photo stays on its side whatever its
 * name or folder, and however many photos are added beside it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import { PhotoError } from "../image/photo_error.ts";
import type { Part } from "./options.ts";
import { type Item, readItem } from "./items.ts";

/** Whether a picture file of these bytes is held out, where `share` of all are. */
export function isHeldOut(bytes: Uint8Array, share: number): boolean {
  return createHash("sha256").update(bytes).digest().readUInt32BE(0) < share * 2 ** 32;
}

/**
 * The items of a part; all of them where nothing is held out. A file that cannot be read stays among
 * those to train on, where decoding it says why.
 *
 * @throws {UserError} If the part is empty.
 */
export function itemsOf(part: Part, items: readonly Item[], share: number): Item[] {
  if (share === 0) return [...items];
  const kept = items.filter((item) => heldOut(item, share) === (part === "held-out"));
  if (kept.length === 0) {
    const side = part === "training" ? "all of them" : "none";
    throw new UserError(
      `a holdout of ${share} of ${items.length} photos comes to ${side}: choose another share`,
    );
  }
  return kept;
}

function heldOut(item: Item, share: number): boolean {
  try {
    return isHeldOut(readItem(item), share);
  } catch (error) {
    if (error instanceof PhotoError) return false;
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}
