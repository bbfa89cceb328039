/**
 * The table of contents of a zip file (APPNOTE 6.3.10), zip64 included.
 *
 * @module
 */

import type { PackedFile } from "./items.ts";
import { decodeName } from "./tar.ts";

/** A file within a zip file. */
export interface ZipMember {
  /** Its name. */
  readonly name: string;
  /** Where its bytes start, packed or not. */
  readonly offset: number;
  /** How many there are. */
  readonly length: number;
  /** What they unpack to; undefined where they are as they are. */
  readonly packed: PackedFile | undefined;
  /** Whether it is a link: its bytes are a path. */
  readonly link: boolean;
}

/** What {@linkcode listZipFile} found. */
export interface ZipListing {
  /** The files that can be read. */
  readonly members: readonly ZipMember[];
  /** What cannot be read, and why, a line each. */
  readonly damages: readonly string[];
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** The end record is followed by a comment of up to 64 KiB. */
const END_BYTES = 22 + 0xffff;
/** No real table of contents comes near. */
const MAX_TABLE = 2 ** 28;
/** Larger ones are no photos; nothing is unpacked that claims more. */
const MAX_FILE = 2 ** 29;
/** Deflate makes at most this much of a byte. */
const MAX_RATIO = 1032;
const UNIX = 3;

/** Lists the files of a zip file by reading its table of contents and their headers only. */
export function listZipFile(path: string): ZipListing {
  using file = Deno.openSync(path);
  const size = file.statSync().size;
  const read = (at: number, length: number): DataView =>
    readAt(file, at, Math.min(length, size - at));
  const table = findTable(read, size);
  if (!table) return { members: [], damages: ["it is not a zip file, or cut short"] };
  const members: ZipMember[] = [];
  const refused = new Map<string, { count: number; first: string }>();
  const refuse = (why: string, first: string): unknown =>
    refused.set(why, { first, ...refused.get(why), count: (refused.get(why)?.count ?? 0) + 1 });
  const damages: string[] = [];
  const view = read(table.offset, table.length);
  let at = 0;
  for (let left = table.count; left > 0; left--) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) {
      damages.push("it is damaged: its table of contents is broken");
      break;
    }
    const entry = readEntry(view, at);
    at = entry.end;
    const { name, flags, method, length, size: unpacked, offset, crc, link } = entry;
    if (name.endsWith("/")) continue;
    if (flags & 1) refuse("encrypted", name);
    else if (method !== STORED && method !== DEFLATED) refuse(`packed by method ${method}`, name);
    else if (unpacked > MAX_FILE || unpacked > MAX_RATIO * length + 64) {
      refuse("said to be larger than they can be", name);
    } else {
      const local = offset + 30 <= size ? read(offset, 30) : undefined;
      const start = local?.getUint32(0, true) === LOCAL
        ? offset + 30 + local.getUint16(26, true) + local.getUint16(28, true)
        : Infinity;
      if (start + length > size) refuse("beyond its end", name);
      else {
        const packed = method === DEFLATED ? { size: unpacked, crc } : undefined;
        members.push({ name, offset: start, length, packed, link });
      }
    }
  }
  for (const [why, { count, first }] of refused) {
    damages.push(`${count} of its files (${first}) ${count === 1 ? "is" : "are"} ${why}`);
  }
  return { members, damages };
}

type Read = (at: number, length: number) => DataView;

/** Where the table of contents is; undefined where it is nowhere. */
function findTable(
  read: Read,
  size: number,
): { offset: number; length: number; count: number } | undefined {
  const from = Math.max(0, size - END_BYTES);
  const tail = read(from, size - from);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end--;
  if (end < 0) return;
  let [count, length, offset] = [
    tail.getUint16(end + 10, true),
    tail.getUint32(end + 12, true),
    tail.getUint32(end + 16, true),
  ];
  if (end >= 20 && tail.getUint32(end - 20, true) === LOCATOR_64) {
    const place = Number(tail.getBigUint64(end - 12, true));
    if (place + 56 > size) return;
    const record = read(place, 56);
    if (record.getUint32(0, true) !== END_64) return;
    [count, length, offset] = [32, 40, 48].map((at) => Number(record.getBigUint64(at, true)));
  }
  return offset + length <= size && length <= MAX_TABLE ? { offset, length, count } : undefined;
}

/** An entry of the table of contents. */
function readEntry(view: DataView, at: number) {
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const bytes = new Uint8Array(view.buffer, view.byteOffset);
  const extra = at + 46 + nameLength;
  const end = extra + extraLength + view.getUint16(at + 32, true);
  let [length, size, offset] = [20, 24, 42].map((field) => view.getUint32(at + field, true));
  // The extra field 1 has, in this order, those of the three that are too large for 32 bits.
  for (let field = extra; field + 4 <= Math.min(extra + extraLength, view.byteLength);) {
    const fieldEnd = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1 && fieldEnd <= view.byteLength) {
      let place = field + 4;
      const wide = (value: number): number => {
        if (value !== 0xffffffff || place + 8 > fieldEnd) return value;
        place += 8;
        return Number(view.getBigUint64(place - 8, true));
      };
      size = wide(size);
      length = wide(length);
      offset = wide(offset);
    }
    field = fieldEnd;
  }
  const mode = view.getUint16(at + 40, true);
  return {
    name: decodeName(bytes.subarray(at + 46, at + 46 + nameLength)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    length,
    size,
    offset,
    link: view.getUint8(at + 5) === UNIX && (mode & 0xf000) === 0xa000,
    end,
  };
}

function readAt(file: Deno.FsFile, at: number, length: number): DataView {
  file.seekSync(at, Deno.SeekMode.Start);
  const bytes = new Uint8Array(Math.max(0, length));
  for (let done = 0; done < bytes.length;) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return new DataView(bytes.buffer);
}
