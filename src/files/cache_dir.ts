/**
 * Where things are kept between runs: decoded photos, synthetic facades, tuning results.
 *
 * @module
 */

import { join } from "node:path";
import { readVariable } from "./variable.ts";

/**
 * The cache folder: `FACADEGAN_CACHE`, else `XDG_CACHE_HOME`/facadegan, else ~/.cache/facadegan
 * (`LOCALAPPDATA`\facadegan on Windows). The folder need not exist yet.
 *
 * @returns null where neither is set, or the permission to read them is missing.
 */
export function cacheDir(): string | null {
  const own = readVariable("FACADEGAN_CACHE");
  if (own) return own;
  const shared = readVariable("XDG_CACHE_HOME") ?? readVariable("LOCALAPPDATA");
  if (shared) return join(shared, "facadegan");
  const home = readVariable("HOME");
  return home ? join(home, ".cache", "facadegan") : null;
}
