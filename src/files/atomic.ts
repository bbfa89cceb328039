/**
 * Writing files so that a crash or a full disk never leaves half a file under its name.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed over the old one. Missing folders
 * are made. Once it returns, neither the content nor the name is lost when the power goes.
 *
 * @throws {UserError} If the disk is full or the place may not be written to; what stood there
 * before is untouched.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  await refuseFolder(path);
  const folder = dirname(path);
  // A name nobody can guess, and short, so that a name of the greatest length fits as well.
  const temporary = join(folder, `.${crypto.randomUUID()}.part`);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  let mine = false;
  try {
    await Deno.mkdir(folder, { recursive: true });
    {
      // createNew follows no link: whatever stands there under that name is somebody else's.
      using file = await Deno.open(temporary, { write: true, createNew: true });
      mine = true;
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync(); // a rename that outlives its content would leave an empty file
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    if (mine) await Deno.remove(temporary).catch(() => {});
    throw explainWriteError(path, error);
  }
  await syncFolder(folder);
}

/**
 * {@linkcode writeFileAtomic} for files that can be made again and whose folder is there: what the
 * power takes is made again, so nothing waits for the disk.
 *
 * @throws {UserError} As above.
 */
export function replaceFileSync(path: string, bytes: Uint8Array): void {
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.part`);
  let mine = false;
  try {
    {
      using file = Deno.openSync(temporary, { write: true, createNew: true });
      mine = true;
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    try {
      if (mine) Deno.removeSync(temporary);
    } catch {
      // The first error says what is wrong.
    }
    throw explainWriteError(path, error);
  }
}

/**
 * Removes what {@linkcode writeFileAtomic} left unfinished in a folder when its process was killed.
 * Only for folders that nobody else writes to at the moment.
 */
export async function removeStrayParts(folder: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (/^\.[\da-f-]{36}\.part$/.test(name)) await Deno.remove(join(folder, name));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw explainWriteError(folder, error);
  }
}

/**
 * Refuses a name that only a folder can have, before work is done for a file of that name.
 *
 * @throws {UserError} If it ends in a slash or a folder stands there.
 */
export async function refuseFolder(path: string): Promise<void> {
  const isFolder = /[/\\]$/.test(path) ||
    await Deno.stat(path).then((info) => info.isDirectory, () => false);
  if (isFolder) throw new UserError(`cannot write ${path}: it is a folder; give a file's name`);
}

/** Brings a folder's names to the disk, where the system lets a folder be opened (not Windows). */
async function syncFolder(folder: string): Promise<void> {
  try {
    using file = await Deno.open(folder);
    await file.sync();
  } catch {
    // The file is there and whole; only how soon its name is on the disk is left to the system.
  }
}

/** Turns a full disk or a forbidden place into a {@linkcode UserError}; other errors pass. */
export function explainWriteError(path: string, error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const why = reason(error);
  return why === undefined ? error : new UserError(`cannot write ${path}: ${why}`);
}

function reason(error: Error & { code?: string }): string | undefined {
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return "the disk is full; make room or choose another place";
  }
  if (error.code === "EFBIG") return "the file would be larger than this system allows";
  if (error.code === "EROFS") return "that disk is read-only";
  if (error instanceof Deno.errors.PermissionDenied) return "you may not write there";
  if (error instanceof Deno.errors.NotADirectory || error.code === "EEXIST") {
    return "a file stands where a folder should be";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotFound) return "there can be no such file";
  if (error instanceof Deno.errors.NotCapable) return `Deno was not given the permission to`;
  return undefined;
}
