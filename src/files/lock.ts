/**
 * Files that one process at a time may hold.
 *
 * @module
 */

import { explainWriteError } from "./atomic.ts";

/** Who holds a lock. */
export interface LockOwner {
  /** The process's number. */
  readonly pid: number;
  /** The machine's name; empty where Deno was not given the permission to ask. */
  readonly host: string;
}

/**
 * A lock that the system keeps on an open file: it ends with its process, however that ends, so that
 * nobody has to judge whether an owner is still alive. What the file says, process and machine, is
 * for people.
 */
export class FileLock {
  /** False where the file system keeps no locks (some network folders): others get it, too. */
  readonly guarded: boolean;
  readonly #path: string;
  #file: Deno.FsFile | undefined;

  private constructor(path: string, file: Deno.FsFile, guarded: boolean) {
    this.guarded = guarded;
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes a lock; the file is made where there is none, its folder has to be there.
   *
   * @returns the lock, or its owner where another process, or another part of this one, holds it;
   * undefined instead of an owner that the file does not name.
   * @throws {UserError} If the file cannot be written.
   */
  static async take(path: string): Promise<FileLock | { readonly heldBy: LockOwner | undefined }> {
    for (;;) {
      const file = await Deno.open(path, { read: true, write: true, create: true })
        .catch((error) => {
          throw explainWriteError(path, error);
        });
      const locked = await tryLock(file);
      if (locked === false) {
        file.close();
        return { heldBy: await readOwner(path) };
      }
      // Whoever held it before may have removed it since it was opened: then it locks nothing.
      if (await isStill(path, file)) {
        const owner: LockOwner = { pid: Deno.pid, host: hostName() };
        await file.truncate();
        await file.write(new TextEncoder().encode(`${JSON.stringify(owner)}\n`));
        return new FileLock(path, file, locked !== undefined);
      }
      file.close();
    }
  }

  /** Gives the lock back and removes its file. */
  release(): void {
    if (!this.#file) return;
    try {
      // While it is still held: what another process makes there afterwards is its own.
      Deno.removeSync(this.#path);
    } catch {
      // On Windows an open file stays; the lock is given back all the same.
    }
    this.#file.close();
    this.#file = undefined;
  }

  /** See {@linkcode release}. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/** An owner in words: `process 4711 on thinkpad`. */
export function ownerInWords(owner: LockOwner | undefined): string {
  if (!owner) return "another process";
  return `process ${owner.pid}${owner.host ? ` on ${owner.host}` : ""}`;
}

/** Locks a file unless it is; undefined where the file system keeps no locks. */
async function tryLock(file: Deno.FsFile): Promise<boolean | undefined> {
  try {
    return await file.tryLock(true);
  } catch {
    return undefined;
  }
}

async function isStill(path: string, file: Deno.FsFile): Promise<boolean> {
  const there = await Deno.stat(path).catch(() => undefined);
  return there !== undefined && there.ino === (await file.stat()).ino;
}

async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    const { pid, host } = JSON.parse(await Deno.readTextFile(path));
    return Number.isInteger(pid) && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    return undefined; // being written, or (on Windows) not to be read while it is locked
  }
}

function hostName(): string {
  const allowed = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return allowed.state === "granted" ? Deno.hostname() : "";
}
