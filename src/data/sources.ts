/**
 * Finding pictures: folders, single files, and tar and zip files read without unpacking.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { UserError } from "../errors.ts";
import { whyUnreadable as systemReason } from "../files/read_error.ts";
import { type ArchiveLink, followLinks } from "./archive_links.ts";
import { expandSource } from "./expand.ts";
import { KIND_BYTES, otherKind, PICTURE_KINDS, sniff } from "../image/kinds.ts";
import { type Item, type PackedFile, readStart } from "./items.ts";
import type { OtherFiles, Skipped } from "./options.ts";
import { hasForeignPart, isForeign } from "./foreign.ts";
import { listTar } from "./tar.ts";
import { listZipFile } from "./zip.ts";

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
const ZIP = /\.(zip|cbz)$/i;

/** Is told of every file or folder that cannot be used. */
type Skip = (skipped: Skipped) => void;

/**
 * The pictures of folders, picture files, tar and zip files, or of a list or pattern of those
 * ({@linkcode expandSource}), sorted by name, so that their order does
 * not depend on the file system. What a file is, its first bytes say. Hidden files and what other
 * systems leave beside photos are passed over; other kinds of files are counted; what is there but
 * cannot be read, a damaged archive or a closed folder within a source, is handed to `onSkipped`.
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
    const paths = await explain(source, () => expandSource(source));
    if (paths.length === 1 && paths[0] === source) await found.add(source);
    else for (const path of paths) await found.addListed(path);
    found.tellOfMisnamed();
    if (found.items.size === 0) throw new UserError(whyNothing(source, found));
    for (const [path, item] of found.items) items.set(path, item);
    for (const [kind, files] of found.others) {
      others.set(kind, { ...files, count: files.count + (others.get(kind)?.count ?? 0) });
    }
    found.skipped.forEach(onSkipped);
  }
  return {
    items: [...items.values()].sort((a, b) => a.name < b.name ? -1 : 1),
    others: [...others.values()].sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
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
      ? `${source} is neither a folder, a picture (${PICTURE_KINDS}), nor a tar or zip of those`
      : `${source} is not read, being of the kind ${kind.kind}; ${kind.advice}`
    : `${source} holds no picture (${PICTURE_KINDS}): ${describeOthers(kind)}`;
}

/** Files that are no pictures of any kind. */
const OTHER = "other";

/** Longest path that is read of a link. */
const MAX_PATH = 4096;

/** A file within an archive. */
interface ArchiveMember {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly packed?: PackedFile | undefined;
}

/** What a source holds, while it is searched. */
class Search {
  readonly items = new Map<string, Item>();
  readonly others = new Map<string, OtherFiles>();
  readonly skipped: Skipped[] = [];
  readonly #misnamed: string[] = [];
  /** Folders that have been searched, by what they are: links may lead round for ever. */
  readonly #seen = new Set<string>();
  /** Links to folders: followed after the folders themselves, which have the better names. */
  #links: string[] = [];

  /** Adds one path of many: that it is missing is no reason to refuse the others. */
  async addListed(path: string): Promise<void> {
    try {
      await Deno.stat(path);
    } catch (error) {
      this.skipped.push({ path, reason: systemReason(error) });
      return;
    }
    await this.add(path);
  }

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
    const { dev, ino } = await Deno.stat(folder);
    // Not by path alone: that of a folder whose name is not UTF-8 cannot be told.
    const identity = ino ? `${dev}:${ino}` : await Deno.realPath(folder);
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
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
      if (isMisnamed(path) && error instanceof Deno.errors.NotFound) this.#misnamed.push(path);
      else this.skipped.push({ path, reason: whyUnreadable(error) });
    }
  }

  /** Deno opens no file whose name is not UTF-8: said once, however many there are. */
  tellOfMisnamed(): void {
    const [path] = this.#misnamed;
    if (path === undefined) return;
    const more = this.#misnamed.length - 1;
    const others = more === 0 ? "" : `, nor are those of ${more} more`;
    this.skipped.push({
      path,
      reason:
        `its name is not UTF-8${others}, and Deno opens no such file: give a tar of the folder ` +
        "(tar cf photos.tar FOLDER), or rename them (convmv -f latin1 -t utf8 -r --notest FOLDER)",
    });
  }

  async #addFile(path: string): Promise<void> {
    const info = Deno.statSync(path); // far cheaper than waiting for it
    if (info.isDirectory) {
      this.#links.push(path);
    } else if (!info.isFile) {
      // Opening a pipe waits for somebody to write into it, and a device may never end.
      if (PICTURE.test(path) || TAR.test(path) || ZIP.test(path)) {
        this.skipped.push({ path, reason: "it is no regular file" });
      }
    } else {
      // Programs may set the time of change back (exiftool -P, cp -p), but not that of the entry; Deno
      // tells that one in whole seconds.
      const times = `${info.mtime?.getTime()} ${info.ctime?.getTime()}`;
      const identity = `${resolve(path)} ${info.size} ${times} ${info.ino}`;
      if (TAR.test(path)) await this.#addTar(path, identity);
      else if (ZIP.test(path)) this.#addZip(path, identity);
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
    const { members, links, damage } = await listTar(path);
    this.#addMembers(path, identity, members, links);
    if (damage !== undefined) this.skipped.push({ path, reason: damage });
  }

  #addZip(path: string, identity: string): void {
    const { members, damages } = listZipFile(path);
    const links = members.filter(({ link }) => link).map(({ name, offset, length, packed }) => {
      const bytes = readStart(
        { name, path, offset, length, identity, ...packed && { packed } },
        MAX_PATH,
      );
      return { name, target: new TextDecoder().decode(bytes), hard: false };
    });
    this.#addMembers(path, identity, members.filter(({ link }) => !link), links);
    for (const reason of damages) this.skipped.push({ path, reason });
  }

  /** Adds what an archive holds. Links lead to files of the same archive, or nowhere. */
  #addMembers(
    path: string,
    identity: string,
    members: readonly ArchiveMember[],
    links: readonly ArchiveLink[],
  ): void {
    const add = (name: string, { offset, length, packed }: ArchiveMember): void => {
      if (hasForeignPart(name)) return;
      this.#addPart(`${resolve(path)}/${name}`, {
        name: `${path}/${name}`,
        path,
        offset,
        length,
        identity: `${identity} ${offset} ${length}`,
        ...packed && { packed },
      });
    };
    for (const member of members) add(member.name, member);
    const { found, lost } = followLinks(members, links);
    for (const { name, member } of found) add(name, member);
    const [first] = lost;
    if (first !== undefined) {
      const count = lost.length;
      const lead = count === 1 ? "link leads" : "links lead";
      this.skipped.push({ path, reason: `${count} ${lead} to no file in it (${first})` });
    }
  }

  /** Adds a file, or a part of one, by what its first bytes say it is. */
  #addPart(key: string, item: Item): void {
    const start = readStart(item, KIND_BYTES);
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
    // Below a file there is nothing either.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      if (isMisnamed(path)) {
        throw new UserError(
          `${path} cannot be opened: its name is not UTF-8; give a link to it (ln -s), or a tar of it`,
        );
      }
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

/** Whether a name has lost bytes that are not UTF-8: Deno puts this character in their place. */
function isMisnamed(path: string): boolean {
  return path.includes("\ufffd");
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
