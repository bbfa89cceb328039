/**
 * Reading zip archives that come from elsewhere: nothing is trusted but what checks out.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import { UserError } from "../errors.ts";

/** A file within an archive. */
export interface ZipEntry {
  /** Its path as written in the archive; always relative, without `..`. */
  readonly name: string;
  /** Unpacks its bytes and compares them with their checksum. */
  read(): Uint8Array;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * The files of a zip archive; folders are left out.
 *
 * @param limit Refuses entries that claim more bytes than this when unpacked.
 * @throws {UserError} If the archive is damaged or an entry's path leads out of it.
 */
export function listZip(bytes: Uint8Array<ArrayBuffer>, limit = 2 ** 28): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (why: string): never => {
    throw new UserError(`the archive is damaged: ${why}`);
  };
  // The end record may be followed by a comment of up to 64 KiB.
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) fail("its table of contents is missing");
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      fail("its table of contents is broken");
    }
    const method = view.getUint16(at + 10, true);
    const checksum = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const unpacked = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const offset = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (name.endsWith("/")) continue;
    if (/^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)|\0/i.test(name)) {
      throw new UserError(
        `the archive is not safe to unpack: ${JSON.stringify(name)} leads out of it`,
      );
    }
    if (unpacked > limit) fail(`${name} claims ${unpacked} bytes`);
    const read = (): Uint8Array => {
      if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL) {
        fail(`${name} is not where it should be`);
      }
      const start = offset + 30 + view.getUint16(offset + 26, true) +
        view.getUint16(offset + 28, true);
      const body = bytes.subarray(start, start + packed);
      const data = unpack(body, method, unpacked);
      if (data?.length !== unpacked || crc32(Buffer.from(data)) !== checksum) {
        return fail(`${name} does not match its checksum`);
      }
      return data;
    };
    entries.push({ name, read });
  }
  return entries;
}

function unpack(body: Uint8Array, method: number, size: number): Uint8Array | undefined {
  if (method === STORED) return body;
  if (method !== DEFLATED) return;
  try {
    return new Uint8Array(inflateRawSync(body, { maxOutputLength: Math.max(1, size) }));
  } catch {
    return; // not deflated data, or more of it than announced
  }
}
