/**
 * What stands for many paths: a list file, a pattern.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { readPattern } from "../deps/picomatch.ts";
import { UserError } from "../errors.ts";
import { isForeign } from "./foreign.ts";

/** A list file is told by this before its name: `@photos.txt`. */
const LIST = "@";

/** A source, as it reads from anywhere: with its path from the root. */
export function absoluteSource(source: string): string {
  return source.startsWith(LIST) ? LIST + resolve(source.slice(1)) : resolve(source);
}

/** The folder that a list's or pattern's paths start from; of any other source, itself. */
export function folderOf(source: string): string {
  if (source.startsWith(LIST)) return dirname(source.slice(1));
  return readPattern(source)?.base ?? source;
}

/**
 * The paths that a source stands for: those of a list file, those that fit a pattern, or the one it is.
 * What is there under the very name of a pattern is that.
 *
 * @throws {UserError} If a list is empty or nothing fits a pattern.
 */
export async function expandSource(source: string): Promise<string[]> {
  if (source.startsWith(LIST)) return await readList(source.slice(1));
  if (await isThere(source)) return [source];
  const pattern = readPattern(source.replaceAll("\\", Deno.build.os === "windows" ? "/" : "\\"));
  if (!pattern) return [source];
  if (!await isThere(pattern.base)) {
    throw new UserError(`${source} fits nothing: ${pattern.base} does not exist`);
  }
  const paths: string[] = [];
  await collect(pattern.base, "", pattern.fits, paths);
  if (paths.length === 0) throw new UserError(`${source} fits no file`);
  return paths.sort();
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false; // for whatever reason: using it says why
  }
}

/** A folder that fits is given whole; others are looked into. Links are not followed here. */
async function collect(
  base: string,
  within: string,
  fits: (path: string) => boolean,
  paths: string[],
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(join(base, within))) {
    if (isForeign(name)) continue;
    const path = within ? `${within}/${name}` : name;
    if (fits(path)) paths.push(join(base, path));
    else if (isDirectory) await collect(base, path, fits, paths);
  }
}

/** One path a line, from the list's folder; `#` begins a comment line. */
async function readList(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  const paths = text.replace(/^\ufeff/, "").split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
    .map((line) => resolve(dirname(file), line.trim()));
  if (paths.length === 0) throw new UserError(`${file} lists nothing; write a path a line`);
  return paths;
}
