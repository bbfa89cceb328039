/**
 * The table of contents of a tar file: POSIX ustar with GNU and pax long names.
 *
 * @module
 */

import { UserError } from "../errors.ts";

/** A file within a tar file. */
export interface TarMember {
  /** Its name. */
  readonly name: string;
  /** Where its bytes start. */
  readonly offset: number;
  /** How many there are. */
  readonly length: number;
}

const BLOCK = 512;

/**
 * Lists the regular files of a tar file by reading their headers only.
 *
 * @throws {UserError} If the file is no tar file, or cut short.
 */
export async function listTar(path: string): Promise<TarMember[]> {
  using file = await Deno.open(path);
  const end = (await file.stat()).size;
  const members: TarMember[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= end;) {
    const header = await readAt(file, at, BLOCK);
    if (header.every((byte) => byte === 0)) return members;
    if (!checksumFits(header)) {
      throw new UserError(`${path} is not a tar file, or damaged at byte ${at}`);
    }
    const length = number(header.subarray(124, 136));
    const type = String.fromCharCode(header[156]);
    at += BLOCK;
    if (at + length > end) {
      throw new UserError(`${path} is cut short: ${text(header, 0, 100)} goes beyond its end`);
    }
    if (type === "L") longName = text(await readAt(file, at, length), 0, length);
    else if (type === "x") longName = paxPath(await readAt(file, at, length)) ?? longName;
    else if (type !== "g") {
      const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
      const short = text(header, 0, 100);
      const name = longName ?? (prefix ? `${prefix}/${short}` : short);
      if (type === "0" || type === "\0") members.push({ name, offset: at, length });
      longName = undefined;
    }
    at += Math.ceil(length / BLOCK) * BLOCK;
  }
  return members;
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

/** Octal digits; or, for files over 8 GiB, a set top bit and big-endian bytes. */
function number(field: Uint8Array): number {
  if (field[0] & 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return parseInt(text(field, 0, field.length).trim(), 8) || 0;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** The path among the records `<length> <key>=<value>\n` of a pax header. */
function paxPath(bytes: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(bytes))?.[1];
}
