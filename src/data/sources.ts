/**
 * Finding pictures: folders, single files, and tar files read without unpacking.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { UserError } from "../errors.ts";
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
}

const PICTURE = /\.(jpe?g|jpe|jfif|png)$/i;
const TAR = /\.tar$/i;

/**
 * The pictures of folders, picture files and tar files, sorted by name, so that their order does
 * not depend on the file system.
 *
 * @throws {UserError} If a source is missing, unreadable, of another kind or without pictures.
 */
export async function listPictures(sources: readonly string[]): Promise<Item[]> {
  // By absolute path: a picture that two sources share is there once.
  const items = new Map<string, Item>();
  for (const source of sources) {
    const found = new Map<string, Item>();
    await addSource(source, found);
    if (found.size === 0) {
      throw new UserError(`${source} holds no picture (JPEG or PNG); give a folder of photos`);
    }
    for (const [path, item] of found) items.set(path, item);
  }
  return [...items.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

async function addSource(source: string, items: Map<string, Item>): Promise<void> {
  const info = await explain(source, () => Deno.stat(source));
  if (info.isDirectory) {
    await explain(source, () => addFolder(source, items));
  } else if (TAR.test(source)) {
    await explain(source, () => addTar(source, info, items));
  } else if (PICTURE.test(source)) {
    addFile(source, info, items);
  } else {
    throw new UserError(`${source} is neither a folder, a JPEG or PNG file, nor a tar of those`);
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

async function addFolder(folder: string, items: Map<string, Item>): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory) {
      await addFolder(path, items);
    } else if (PICTURE.test(entry.name)) {
      const info = await Deno.stat(path).catch(() => undefined); // a dangling link
      if (info?.isFile) addFile(path, info, items);
    } else if (TAR.test(entry.name)) {
      await addTar(path, await Deno.stat(path), items);
    }
  }
}

function addFile(path: string, info: Deno.FileInfo, items: Map<string, Item>): void {
  const identity = `${resolve(path)} ${info.size} ${info.mtime?.getTime()}`;
  items.set(resolve(path), { name: path, path, offset: 0, length: info.size, identity });
}

async function addTar(
  path: string,
  info: Deno.FileInfo,
  items: Map<string, Item>,
): Promise<void> {
  const identity = `${resolve(path)} ${info.size} ${info.mtime?.getTime()}`;
  for (const { name, offset, length } of await listTar(path)) {
    if (!PICTURE.test(name)) continue;
    items.set(`${resolve(path)}/${name}`, {
      name: `${path}/${name}`,
      path,
      offset,
      length,
      identity: `${identity} ${offset} ${length}`,
    });
  }
}

/** The bytes of a picture. */
export function readItem({ path, offset, length }: Item): Uint8Array {
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
