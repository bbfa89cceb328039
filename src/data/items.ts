/**
 * Where pictures lie, and their bytes: what workers need of it, without the search for them.
 *
 * @module
 */

import { constants, crc32, inflateRawSync } from "node:zlib";
import type { PictureKind } from "../image/kinds.ts";
import { PhotoError } from "../image/photo_error.ts";
import { readSize } from "../image/picture_size.ts";
import { encodeFacade, type FacadeFile } from "./facade_file.ts";

/** What the bytes of a file within a zip unpack to. */
export interface PackedFile {
  /** How many bytes, as its archive says. */
  readonly size: number;
  /** Their CRC-32. */
  readonly crc: number;
}

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
  /** What those unpack to, where they are deflated. */
  readonly packed?: PackedFile;
  /** Its kind, by its first bytes; undefined where they say nothing. */
  readonly kind?: PictureKind;
  /** Tells it from any other picture, and from itself before a change. */
  readonly identity: string;
  /** The facade that stands for the file where nothing may be written: drawn each time it is read. */
  readonly drawn?: FacadeFile;
}

/** Where a header of usual length ends; a longer one (large thumbnails) shows no size. */
const HEADER_BYTES = 256 * 1024;

/** The beginning of a picture's bytes, empty where they cannot be read. */
export function headerOf(item: Item): Uint8Array {
  try {
    return readStart(item, HEADER_BYTES);
  } catch {
    return new Uint8Array(0); // decoding it says why
  }
}

/** Width and height of a picture as stored, from its header. */
export function storedSize(item: Item): { width: number; height: number } | undefined {
  return readSize(headerOf(item));
}

/** The first bytes of a picture, at most `most`; empty where they do not unpack. */
export function readStart(item: Item, most: number): Uint8Array {
  const { packed, drawn } = item;
  if (drawn) return encodeFacade(drawn);
  // Before packed bytes stands the code that they are in, of some hundred bytes.
  const needed = packed ? most + 1024 : most;
  const bytes = readBytes({ ...item, length: Math.min(item.length, needed) });
  if (!packed) return bytes;
  try {
    // Unpacked as far as it goes; a small part that grows beyond all measure is a bomb.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 22 };
    return new Uint8Array(inflateRawSync(bytes, options)).subarray(0, most);
  } catch {
    return new Uint8Array(0);
  }
}

/**
 * The bytes of a picture.
 *
 * @throws {PhotoError} If they do not unpack to what their archive says.
 */
export function readItem(item: Item): Uint8Array {
  const { packed, drawn } = item;
  if (drawn) return encodeFacade(drawn);
  const bytes = readBytes(item);
  if (!packed) return bytes;
  try {
    const options = { maxOutputLength: Math.max(1, packed.size) };
    const unpacked = inflateRawSync(bytes, options);
    if (unpacked.length === packed.size && crc32(unpacked) === packed.crc) {
      return new Uint8Array(unpacked);
    }
  } catch {
    // no deflated data, or more of it than said
  }
  throw new PhotoError("it is damaged: it does not unpack to what its archive says");
}

function readBytes({ path, offset, length }: Item): Uint8Array {
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
