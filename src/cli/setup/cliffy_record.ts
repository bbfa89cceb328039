/**
 * Whether Cliffy can be had here: asked once, by `setup`, and remembered in the program's local
 * storage, which needs no permission, so that no other command asks the network for it.
 *
 * @module
 */

import { CLIFFY, loadCliffy } from "../../deps/cliffy.ts";

const KEY = "help is laid out by";

/** Where the answer is kept; the part of `localStorage` that is used. */
export type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Asks JSR for Cliffy, which also leaves it in Deno's cache, and remembers the answer. */
export async function recordCliffy(
  load: () => Promise<unknown> = loadCliffy,
  memory?: Memory,
): Promise<boolean> {
  const found = await load().then(() => true, () => false);
  try {
    const kept = memory ?? localStorage;
    if (found) kept.setItem(KEY, CLIFFY);
    else kept.removeItem(KEY);
  } catch {
    // Deno's folder cannot be written to: help is laid out as if set-up never ran.
  }
  return found;
}

/** The remembered answer; false where set-up never ran, or found another version of Cliffy. */
export function cliffyIsThere(memory?: Memory): boolean {
  try {
    return (memory ?? localStorage).getItem(KEY) === CLIFFY;
  } catch {
    return false;
  }
}
