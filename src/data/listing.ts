/**
 * Photos as lines of text: what tells whether two datasets are of the same ones.
 *
 * @module
 */

import { basename, dirname, join, relative } from "node:path";
import { oneLine } from "../errors.ts";
import { folderOf } from "./expand.ts";
import type { Item } from "./items.ts";

/**
 * A line for each photo: its bytes, and its path within its source, so that a folder that was moved
 * still holds the same photos. Drawn facades have no bytes of their own where no cache keeps them; the
 * name of their set says all.
 */
export function listingOf(
  items: readonly Item[],
  sources: readonly string[] | undefined,
): string[] {
  return items.map(({ name, path, length }) => {
    if (!sources) return join(basename(dirname(path)), basename(path)).replaceAll("\\", "/");
    return `${length} ${oneLine(withinSource(name, sources)).replaceAll("\\", "/")}`;
  });
}

function withinSource(name: string, sources: readonly string[]): string {
  // A folder's own name may look like a pattern.
  for (const folder of sources.flatMap((source) => [source, folderOf(source)])) {
    const within = relative(folder, name);
    if (within === "") return basename(name);
    if (within !== ".." && !/^\.\.[/\\]/.test(within)) return within;
  }
  return name;
}
