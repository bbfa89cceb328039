/**
 * Packages that one option needs, onnxruntime-web and ml-matrix: in a lock file of their own,
 * src/judge/kid.lock, because Deno downloads all that a lock file names, and who trains need not
 * download their hundred megabytes.
 *
 * @module
 */

import { oneLine, UserError } from "../errors.ts";

/**
 * Imports such a package when it is needed: a name in the import itself Deno would fetch before every
 * command.
 *
 * @throws {UserError} If it is not on this machine and cannot be fetched.
 */
export async function importApart<Module>(name: string): Promise<Module> {
  try {
    return await import(name) as Module;
  } catch (error) {
    throw new UserError(`cannot load ${name}: ${oneLine((error as Error).message)}`);
  }
}

/** Whether this process was started with src/judge/kid.json, whose lock file this package is in. */
export function isLockedApart(): boolean {
  try {
    return import.meta.resolve("onnxruntime-web") !== "";
  } catch {
    return false;
  }
}
