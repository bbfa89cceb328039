/**
 * Whether Cliffy can be had here: asked once, by `setup`, and remembered in the cache folder, so
 * that no other command asks the network for it.
 *
 * @module
 */

import { join } from "node:path";
import { CLIFFY, loadCliffy } from "../../deps/cliffy.ts";
import { writeFileAtomic } from "../../files/atomic.ts";
import { cacheDir } from "../../files/cache_dir.ts";

const FILE = "cliffy.txt";
const ABSENT = "not found";

/** Asks JSR for Cliffy, which also leaves it in Deno's cache, and remembers the answer. */
export async function recordCliffy(load: () => Promise<unknown> = loadCliffy): Promise<boolean> {
  const found = await load().then(() => true, () => false);
  const folder = cacheDir();
  if (folder) {
    await Deno.mkdir(folder, { recursive: true });
    await writeFileAtomic(join(folder, FILE), `${found ? CLIFFY : ABSENT}\n`);
  }
  return found;
}

/** The remembered answer; false where set-up never ran, or found another version of Cliffy. */
export async function cliffyIsThere(): Promise<boolean> {
  const folder = cacheDir();
  if (!folder) return false;
  const path = join(folder, FILE);
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return false;
  return await Deno.readTextFile(path).then((text) => text.trim() === CLIFFY, () => false);
}
