/**
 * Where things are kept between runs: decoded photos, synthetic facades, tuning results.
 *
 * @module
 */

import { join } from "node:path";

/**
 * The cache folder: `FACADEGAN_CACHE`, else `XDG_CACHE_HOME`/facadegan, else ~/.cache/facadegan
 * (`LOCALAPPDATA`\facadegan on Windows). The folder need not exist yet.
 *
 * @returns null where neither is set, or the permission to read them is missing.
 */
export function cacheDir(): string | null {
  const own = env("FACADEGAN_CACHE");
  if (own) return own;
  const shared = env("XDG_CACHE_HOME") ?? env("LOCALAPPDATA");
  if (shared) return join(shared, "facadegan");
  const home = env("HOME");
  return home ? join(home, ".cache", "facadegan") : null;
}

function env(name: string): string | undefined {
  // Asking first keeps a run without the permission from stopping at a prompt.
  if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return;
  return Deno.env.get(name) || undefined;
}
