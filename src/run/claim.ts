/**
 * Whose a run folder is while it is written to.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import { explainWriteError } from "../files/atomic.ts";
import { FileLock, ownerInWords } from "../files/lock.ts";
import { RunFolder, RUNS } from "./folder.ts";

/**
 * A run folder that this process alone writes to, until the claim is released. One that was made
 * for the claim and has stayed empty goes with it.
 */
export class RunClaim {
  /** The folder. */
  readonly folder: RunFolder;
  readonly #lock: FileLock;
  readonly #made: boolean;

  private constructor(folder: RunFolder, lock: FileLock, made: boolean) {
    this.folder = folder;
    this.#lock = lock;
    this.#made = made;
    addEventListener("unload", this.#onUnload);
  }

  /** False where the file system keeps no locks: nothing keeps other processes out. */
  get guarded(): boolean {
    return this.#lock.guarded;
  }

  /** A second Ctrl-C ends the program at once, and leaves no claim either. */
  readonly #onUnload = (): void => this.release();

  /**
   * Claims a folder, which is made where there is none; a run that is in it may stay.
   *
   * @throws {UserError} If a live process holds it, or it cannot be written to.
   */
  static async take(folder: RunFolder): Promise<RunClaim> {
    const made = await make(folder.path, { recursive: true });
    const lock = await FileLock.take(folder.lock);
    if (!(lock instanceof FileLock)) {
      throw new UserError(
        `${folder.path} is being written to by ${ownerInWords(lock.heldBy)}: wait until that run ` +
          "has ended, or choose another folder",
      );
    }
    return new RunClaim(folder, lock, made);
  }

  /**
   * Claims the first of runs/1, runs/2, ... that does not exist. Of processes that start at once,
   * each gets its own: whoever makes the folder has it.
   *
   * @throws {UserError} If nothing can be written there.
   */
  static async next(parent = RUNS): Promise<RunClaim> {
    await make(parent, { recursive: true });
    for (let i = 1;; i++) {
      const folder = new RunFolder(join(parent, String(i)));
      if (!await make(folder.path)) continue;
      const lock = await FileLock.take(folder.lock);
      if (lock instanceof FileLock) return new RunClaim(folder, lock, true);
    }
  }

  /** Gives the folder back; at once, for it may be the last that a process does. */
  release(): void {
    removeEventListener("unload", this.#onUnload);
    this.#lock.release();
    if (!this.#made) return;
    try {
      Deno.removeSync(this.folder.path);
    } catch {
      // It holds a run by now.
    }
  }

  /** See {@linkcode release}. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/** Makes a folder; false where it stands already. */
async function make(path: string, options?: Deno.MkdirOptions): Promise<boolean> {
  try {
    if (options?.recursive && (await Deno.stat(path)).isDirectory) return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw explainWriteError(path, error);
  }
  try {
    await Deno.mkdir(path, options);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists && !options?.recursive) return false;
    throw explainWriteError(path, error);
  }
}
