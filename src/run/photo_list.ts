/**
 * The photos of a run as photos.txt and config.json keep them, and whether they are still the same.
 *
 * @module
 */

import { sha256 } from "../deps/sha256.ts";
import type { RunFolder } from "./folder.ts";
import type { RunConfig } from "./run_config.ts";

/** A list of photos as a file: a line each. */
export function photoListText(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join("");
}

/** What tells a list of photos from another. */
export function photoListDigest(list: readonly string[]): string {
  return sha256(new TextEncoder().encode(photoListText(list))).toHex();
}

/**
 * What has become of the photos of a run, in words; undefined where they are the same. Of a run of
 * older versions only their number is known.
 */
export async function photoChange(
  run: RunFolder,
  { photos }: Pick<RunConfig, "photos">,
  now: { readonly count: number; readonly list?: readonly string[] },
): Promise<string | undefined> {
  const counts = `${photos.count} then, ${now.count} now`;
  if (photos.digest === undefined || now.list === undefined) {
    return photos.count === 0 || photos.count === now.count ? undefined : counts;
  }
  if (photos.digest === photoListDigest(now.list)) return undefined;
  const text = await Deno.readTextFile(run.photos).catch(() => "");
  const before = text.split("\n").slice(0, -1);
  // A list that is damaged or gone leaves the numbers.
  if (photoListDigest(before) !== photos.digest) return `others than before: ${counts}`;
  const [was, is] = [new Set(before), new Set(now.list)];
  const gone = was.difference(is).size;
  const added = is.difference(was).size;
  if (gone + added === 0) return "the same ones in another order";
  return [
    ...(gone > 0 ? [`${gone} of ${before.length} are gone or changed`] : []),
    ...(added > 0 ? [`${added} are new`] : []),
  ].join(", ");
}
