/**
 * The table of contents of a tar file: POSIX ustar with GNU and pax long names.
 *
 * @module
 */

import type { ArchiveLink } from "./archive_links.ts";

/** A file within a tar file. */
export interface TarMember {
  /** Its name. */
  readonly name: string;
  /** Where its bytes start. */
  readonly offset: number;
  /** How many there are. */
  readonly length: number;
}

/** What {@linkcode listTar} found. */
export interface TarListing {
  /** The regular files, as far as the tar file could be read. */
  readonly members: readonly TarMember[];
  /** The links. */
  readonly links: readonly ArchiveLink[];
  /** Why it could not be read to its end; undefined if it could. */
  readonly damage: string | undefined;
}

const BLOCK = 512;
/** Longest name or set of pax records that is read: no real one comes near. */
const MAX_RECORDS = 2 ** 20;

/**
 * Lists the regular files of a tar file by reading their headers only. Damage ends the list and is
 * told, not thrown: what stands before it is whole.
 */
export async function listTar(path: string): Promise<TarListing> {
  using file = await Deno.open(path);
  const end = (await file.stat()).size;
  const members: TarMember[] = [];
  const links: ArchiveLink[] = [];
  const damaged = (damage: string): TarListing => ({ members, links, damage });
  if (end === 0) return damaged("it is empty");
  if (end < BLOCK) return damaged("it is not a tar file");
  let longName: string | undefined;
  let longTarget: string | undefined;
  for (let at = 0; at + BLOCK <= end;) {
    const header = await readAt(file, at, BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (!checksumFits(header)) {
      return damaged(`it is not a tar file, or damaged at byte ${at}`);
    }
    const short = text(header, 0, 100);
    // Checked before it moves the place to read at: a negative length would go round for ever.
    const length = number(header.subarray(124, 136));
    if (length === undefined) {
      return damaged(`it is damaged at byte ${at}: the length of ${short} is no length`);
    }
    const type = String.fromCharCode(header[156]);
    at += BLOCK;
    if (at + length > end) return damaged(`it is cut short: ${short} goes beyond its end`);
    if (type === "L" || type === "K" || type === "x") {
      if (length > MAX_RECORDS) {
        return damaged(`it is damaged at byte ${at}: a name of ${length} bytes`);
      }
      const body = await readAt(file, at, length);
      if (type === "L") longName = text(body, 0, length);
      else if (type === "K") longTarget = text(body, 0, length);
      else {
        longName = paxRecord(body, "path") ?? longName;
        longTarget = paxRecord(body, "linkpath") ?? longTarget;
      }
    } else if (type !== "g") {
      const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
      const name = longName ?? (prefix ? `${prefix}/${short}` : short);
      if (type === "0" || type === "\0") members.push({ name, offset: at, length });
      if (type === "1" || type === "2") {
        links.push({ name, target: longTarget ?? text(header, 157, 100), hard: type === "1" });
      }
      longName = longTarget = undefined;
    }
    at += Math.ceil(length / BLOCK) * BLOCK;
  }
  return { members, links, damage: undefined };
}

async function readAt(file: Deno.FsFile, at: number, length: number): Promise<Uint8Array> {
  await file.seek(at, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return bytes;
}

/** The sum of a header's bytes, its own field counted as spaces, is written in that field. */
function checksumFits(header: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : header[i];
  return sum === number(header.subarray(148, 156));
}

/**
 * Octal digits; or, for files over 8 GiB, a set top bit and big-endian bytes, of which the next bit
 * is the sign. Undefined if that is no whole number from 0 to 2^53.
 */
function number(field: Uint8Array): number | undefined {
  if (field[0] & 0x80) {
    if (field[0] & 0x40) return undefined;
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, field[0] & 0x3f);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = text(field, 0, field.length).trim();
  return /^[0-7]*$/.test(digits) ? parseInt(digits || "0", 8) : undefined;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return decodeName(end < 0 ? field : field.subarray(0, end));
}

/** Names are UTF-8 by custom only: of others the bytes are taken for characters, and stay apart. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

/** A value among the records `<length> <key>=<value>\n` of a pax header. */
function paxRecord(bytes: Uint8Array, key: "path" | "linkpath"): string | undefined {
  return new RegExp(`(?:^|\\n)\\d+ ${key}=([^\\n]*)\\n`).exec(decodeName(bytes))?.[1];
}
