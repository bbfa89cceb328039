/**
 * Finding pictures: folders, single files, and tar files read without unpacking.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { UserError } from "../errors.ts";
import { whyUnreadable as systemReason } from "../files/read_error.ts";
import { encodeFacade, type FacadeFile } from "./facade_file.ts";
import { readSize } from "../image/picture_size.ts";
import type { Skipped } from "./options.ts";
import { listTar } from "./tar.ts";

/** Where the bytes of one picture lie. */
export interface Item {
  /** The name for people: the path, or `path/of.tar/name/within`. */
  readonly name: string;
  /** The file. */
  readonly path: string;
  /** Where in the file it starts. */
  readonly offset: number;
  /** Its length in bytes. */
  readonly length: number;
  /** Tells it from any other picture, and from itself before a change. */
  readonly identity: string;
  /** The facade that stands for the file where nothing may be written: drawn each time it is read. */
  readonly drawn?: FacadeFile;
}

const PICTURE = /\.(jpe?g|jpe|jfif|png)$/i;
const TAR = /\.tar$/i;

/** Is told of every file or folder that cannot be used. */
type Skip = (skipped: Skipped) => void;

/**
 * The pictures of folders, picture files and tar files, sorted by name, so that their order does
 * not depend on the file system. Hidden files and what other systems leave beside photos are passed
 * over; what is there but cannot be read, a damaged tar or a closed folder within a source, is
 * handed to `onSkipped`.
 *
 * @throws {UserError} If a source is missing, unreadable, of another kind or without pictures.
 */
export async function listPictures(
  sources: readonly string[],
  onSkipped: Skip = () => {},
): Promise<Item[]> {
  // By absolute path: a picture that two sources share is there once.
  const items = new Map<string, Item>();
  for (const source of sources) {
    const found = new Map<string, Item>();
    const skipped: Skipped[] = [];
    await addSource(source, found, (one) => skipped.push(one));
    if (found.size === 0) {
      const [first] = skipped;
      throw new UserError(
        first?.path === source
          ? `${source} cannot be used: ${first.reason}`
          : first
          ? `${source} holds no usable picture; ${first.path} cannot be used: ${first.reason}`
          : `${source} holds no picture (JPEG or PNG); give a folder of photos`,
      );
    }
    for (const [path, item] of found) items.set(path, item);
    skipped.forEach(onSkipped);
  }
  return [...items.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

async function addSource(source: string, items: Map<string, Item>, skip: Skip): Promise<void> {
  const info = await explain(source, () => Deno.stat(source));
  if (info.isDirectory) {
    await explain(source, () => addFolder(source, items, skip));
  } else if (!TAR.test(source) && !PICTURE.test(source)) {
    throw new UserError(`${source} is neither a folder, a JPEG or PNG file, nor a tar of those`);
  } else {
    await explain(source, () => addFile(source, items, skip));
  }
}

/** Turns the system's errors into one line that says what to do. */
async function explain<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`${path} does not exist; give a folder of photos`);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UserError(`${path} may not be read; change its permissions or give another folder`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new UserError(`${path} may not be read by this program; add --allow-read=${path}`);
    }
    throw error;
  }
}

async function addFolder(folder: string, items: Map<string, Item>, skip: Skip): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    if (isForeign(entry.name)) continue;
    const path = join(folder, entry.name);
    const add = entry.isDirectory
      ? addFolder
      : PICTURE.test(entry.name) || TAR.test(entry.name)
      ? addFile
      : undefined;
    try {
      await add?.(path, items, skip);
    } catch (error) {
      // One closed folder or dangling link among thousands of photos is no reason to refuse them.
      skip({ path, reason: whyUnreadable(error) });
    }
  }
}

/**
 * Hidden files and folders, and what macOS puts beside photos on other systems' disks: `__MACOSX`
 * in archives, `._name.jpg`, which looks like a picture and is none.
 */
function isForeign(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

/** The same for a path within a tar, where a leading `./` is usual and hides nothing. */
function hasForeignPart(path: string): boolean {
  return path.split("/").some((part) => part !== "." && part !== ".." && isForeign(part));
}

/** A reason in words; errors that are not the system's are bugs and pass. */
function whyUnreadable(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it leads nowhere";
  if (error instanceof Deno.errors.PermissionDenied) return "you may not read it";
  if (error instanceof Deno.errors.NotCapable) return "this program may not read it";
  if (error instanceof Error && "code" in error) {
    return `it cannot be read: ${systemReason(error)}`;
  }
  throw error;
}

async function addFile(path: string, items: Map<string, Item>, skip: Skip): Promise<void> {
  const info = await Deno.stat(path);
  if (!info.isFile) {
    // Opening a pipe waits for somebody to write into it, and a device may never end.
    skip({ path, reason: info.isDirectory ? "it is a folder" : "it is no regular file" });
    return;
  }
  const identity = `${resolve(path)} ${info.size} ${info.mtime?.getTime()}`;
  if (TAR.test(path)) {
    await addTar(path, identity, items, skip);
  } else {
    items.set(resolve(path), { name: path, path, offset: 0, length: info.size, identity });
  }
}

async function addTar(
  path: string,
  identity: string,
  items: Map<string, Item>,
  skip: Skip,
): Promise<void> {
  const { members, damage } = await listTar(path);
  for (const { name, offset, length } of members) {
    if (!PICTURE.test(name) || hasForeignPart(name)) continue;
    items.set(`${resolve(path)}/${name}`, {
      name: `${path}/${name}`,
      path,
      offset,
      length,
      identity: `${identity} ${offset} ${length}`,
    });
  }
  if (damage !== undefined) skip({ path, reason: damage });
}

/** Where a header of usual length ends; a longer one (large thumbnails) shows no size. */
const HEADER_BYTES = 256 * 1024;

/** The beginning of a picture's bytes, empty where they cannot be read. */
export function headerOf(item: Item): Uint8Array {
  try {
    return readItem({ ...item, length: Math.min(item.length, HEADER_BYTES) });
  } catch {
    return new Uint8Array(0); // decoding it says why
  }
}

/** Width and height of a picture as stored, from its header. */
export function storedSize(item: Item): { width: number; height: number } | undefined {
  return readSize(headerOf(item));
}

/** The bytes of a picture. */
export function readItem({ path, offset, length, drawn }: Item): Uint8Array {
  if (drawn) return encodeFacade(drawn);
  using file = Deno.openSync(path);
  if (offset > 0) file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) break; // it has become shorter: the decoder will say so
    done += count;
  }
  return bytes.subarray(0, done);
}
