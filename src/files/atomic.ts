/**
 * Writing files so that a crash or a full disk never leaves half a file under its name.
 *
 * @module
 */

import { dirname } from "node:path";
import { UserError } from "../errors.ts";

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed over the old one. Missing folders
 * are made.
 *
 * @throws {UserError} If the disk is full or the place may not be written to; what stood there
 * before is untouched.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${Deno.pid}.part`;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    using file = await Deno.open(temporary, { write: true, create: true, truncate: true });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync(); // a rename that outlives its content would leave an empty file
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // it may never have been made
    throw explainWriteError(path, error);
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
  if (error instanceof Deno.errors.NotCapable) return `Deno was not given the permission to`;
  return undefined;
}
