/**
 * Finding pictures: folders, single files, and tar files read without unpacking.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { UserError } from "../errors.ts";
import { whyUnreadable as systemReason } from "../files/read_error.ts";
import { encodeFacade, type FacadeFile } from "./facade_file.ts";
import { KIND_BYTES, otherKind, PICTURE_KINDS, type PictureKind, sniff } from "../image/kinds.ts";
import { readSize } from "../image/picture_size.ts";
import type { OtherFiles, Skipped } from "./options.ts";
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
  /** Its kind, by its first bytes; undefined where they say nothing. */
  readonly kind?: PictureKind;
  /** Tells it from any other picture, and from itself before a change. */
  readonly identity: string;
  /** The facade that stands for the file where nothing may be written: drawn each time it is read. */
  readonly drawn?: FacadeFile;
}

/** What sources hold. */
export interface Listing {
  /** The pictures, sorted by name. */
  readonly items: Item[];
  /** Kinds of files that are not read, the most frequent first. */
  readonly others: OtherFiles[];
}

/** Names of pictures: what is called so and begins like nothing known is damaged. */
const PICTURE = /\.(jpe?g|jpe|jfif|png|webp|avif)$/i;
const TAR = /\.tar$/i;

/** Is told of every file or folder that cannot be used. */
type Skip = (skipped: Skipped) => void;

/**
 * The pictures of folders, picture files and tar files, sorted by name, so that their order does
 * not depend on the file system. What a file is, its first bytes say. Hidden files and what other
 * systems leave beside photos are passed over; other kinds of files are counted; what is there but
 * cannot be read, a damaged tar or a closed folder within a source, is handed to `onSkipped`.
 *
 * @throws {UserError} If a source is missing, unreadable, of another kind or without pictures.
 */
export async function listPictures(
  sources: readonly string[],
  onSkipped: Skip = () => {},
): Promise<Listing> {
  // By absolute path: a picture that two sources share is there once.
  const items = new Map<string, Item>();
  const others = new Map<string, OtherFiles>();
  for (const source of sources) {
    const found = new Search();
    await found.add(source);
    if (found.items.size === 0) throw new UserError(whyNothing(source, found));
    for (const [path, item] of found.items) items.set(path, item);
    for (const [kind, files] of found.others) {
      others.set(kind, { ...files, count: files.count + (others.get(kind)?.count ?? 0) });
    }
    found.skipped.forEach(onSkipped);
  }
  return {
    items: [...items.values()].sort((a, b) => a.name < b.name ? -1 : 1),
    others: [...others.values()].sort((a, b) => b.count - a.count),
  };
}

/** Files of a kind, in a line. */
export function describeOthers({ kind, count, example, advice }: OtherFiles): string {
  const [files, are] = count === 1 ? ["file", "is"] : ["files", "are"];
  const which = count === 1 ? example : `${example} and others`;
  return kind === OTHER
    ? `${count} other ${files} (${which}) ${are} no picture${count === 1 ? "" : "s"}`
    : `${count} ${kind} ${files} (${which}) ${are} not read; ${advice}`;
}

function whyNothing(source: string, { skipped: [first], others }: Search): string {
  const [kind] = [...others.values()].sort((a, b) => b.count - a.count);
  if (first?.path === source) return `${source} cannot be used: ${first.reason}`;
  if (first) {
    return `${source} holds no usable picture; ${first.path} cannot be used: ${first.reason}`;
  }
  if (!kind) return `${source} holds no picture (${PICTURE_KINDS}); give a folder of photos`;
  return kind.example === source
    ? kind.kind === OTHER
      ? `${source} is neither a folder, a picture (${PICTURE_KINDS}), nor a tar of those`
      : `${source} is not read, being of the kind ${kind.kind}; ${kind.advice}`
    : `${source} holds no picture (${PICTURE_KINDS}): ${describeOthers(kind)}`;
}

/** Files that are no pictures of any kind. */
const OTHER = "other";

/** What a source holds, while it is searched. */
class Search {
  readonly items = new Map<string, Item>();
  readonly others = new Map<string, OtherFiles>();
  readonly skipped: Skipped[] = [];
  /** Folders that have been searched, by their real paths: links may lead round for ever. */
  readonly #seen = new Set<string>();
  /** Links to folders: followed after the folders themselves, which have the better names. */
  #links: string[] = [];

  async add(source: string): Promise<void> {
    const info = await explain(source, () => Deno.stat(source));
    await explain(source, async () => {
      if (!info.isDirectory) return await this.#addFile(source);
      await this.#addFolder(source);
      while (this.#links.length > 0) {
        const links = this.#links.sort();
        this.#links = [];
        for (const path of links) await this.#try(path, () => this.#addFolder(path));
      }
    });
  }

  async #addFolder(folder: string): Promise<void> {
    const real = await Deno.realPath(folder);
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isForeign(name)) continue;
      const path = join(folder, name);
      await this.#try(path, () => isDirectory ? this.#addFolder(path) : this.#addFile(path));
    }
  }

  /** One closed folder or dangling link among thousands of photos is no reason to refuse them. */
  async #try(path: string, add: () => Promise<void>): Promise<void> {
    try {
      await add();
    } catch (error) {
      this.skipped.push({ path, reason: whyUnreadable(error) });
    }
  }

  async #addFile(path: string): Promise<void> {
    const info = await Deno.stat(path);
    if (info.isDirectory) {
      this.#links.push(path);
    } else if (!info.isFile) {
      // Opening a pipe waits for somebody to write into it, and a device may never end.
      if (PICTURE.test(path) || TAR.test(path)) {
        this.skipped.push({ path, reason: "it is no regular file" });
      }
    } else {
      const identity = `${resolve(path)} ${info.size} ${info.mtime?.getTime()}`;
      if (TAR.test(path)) await this.#addTar(path, identity);
      else {this.#addPart(resolve(path), {
          name: path,
          path,
          offset: 0,
          length: info.size,
          identity,
        });}
    }
  }

  async #addTar(path: string, identity: string): Promise<void> {
    const { members, damage } = await listTar(path);
    for (const { name, offset, length } of members) {
      if (hasForeignPart(name)) continue;
      this.#addPart(`${resolve(path)}/${name}`, {
        name: `${path}/${name}`,
        path,
        offset,
        length,
        identity: `${identity} ${offset} ${length}`,
      });
    }
    if (damage !== undefined) this.skipped.push({ path, reason: damage });
  }

  /** Adds a file, or a part of one, by what its first bytes say it is. */
  #addPart(key: string, item: Item): void {
    const start = readItem({ ...item, length: Math.min(item.length, KIND_BYTES) });
    const kind = sniff(start);
    if (kind) {
      this.items.set(key, { ...item, kind });
      return;
    }
    const other = otherKind(start, item.name);
    if (!other && PICTURE.test(item.name)) {
      this.items.set(key, item); // decoding it says what is wrong
      return;
    }
    const name = other?.name ?? OTHER;
    const { count = 0, example = item.name } = this.others.get(name) ?? {};
    const first = item.name < example ? item.name : example;
    const advice = other?.advice ?? "";
    this.others.set(name, { kind: name, count: count + 1, example: first, advice });
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

/**
 * Hidden files and folders, and what macOS puts beside photos on other systems' disks: `__MACOSX`
 * in archives, `._name.jpg`, which looks like a picture and is none; and what Windows puts there.
 */
function isForeign(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX" || WINDOWS.test(name);
}

const WINDOWS = /^(ehthumbs|thumbs)\.db$|^desktop\.ini$/i;

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
