/**
 * The parts that JPEG, PNG, WebP and AVIF files consist of, for what decoders do not tell: metadata.
 *
 * Damaged files end early; what was found until then is given.
 *
 * @module
 */

/** A part of a file: its marker (JPEG) or type (PNG), and what it holds. */
export interface Segment<Name> {
  /** 0xe1, say, or "eXIf". */
  readonly name: Name;
  /** Its content, without lengths and checksums. */
  readonly data: Uint8Array;
}

/** Markers without content: RST0 to RST7, SOI, EOI, TEM. */
function standsAlone(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd9 || marker === 0x01;
}

/** A JPEG file's segments before its first scan; stray bytes in between are passed over. */
export function* jpegSegments(file: Uint8Array): Generator<Segment<number>> {
  for (let at = 2; at + 4 <= file.length;) {
    if (file[at] !== 0xff || file[at + 1] === 0xff || file[at + 1] === 0) {
      at++;
      continue;
    }
    const name = file[at + 1];
    if (name === 0xd9) return;
    if (standsAlone(name)) {
      at += 2;
      continue;
    }
    const length = file[at + 2] << 8 | file[at + 3];
    if (length < 2) return;
    yield { name, data: file.subarray(at + 4, at + 2 + length) };
    if (name === 0xda) return;
    at += 2 + length;
  }
}

/** A PNG file's chunks. */
export function* pngChunks(file: Uint8Array): Generator<Segment<string>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 8 <= file.length;) {
    const length = view.getUint32(at);
    const name = latin1(file.subarray(at + 4, at + 8));
    if (at + 8 + length > file.length) return;
    yield { name, data: file.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

/** The chunks of a RIFF file (WebP) or of a chunk that holds others, from a place on. */
export function* riffChunks(file: Uint8Array, from: number): Generator<Segment<string>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = from; at + 8 <= file.length;) {
    const length = view.getUint32(at + 4, true);
    // What goes beyond the end is given as far as it is there: headers alone are read, too.
    yield { name: latin1(file.subarray(at, at + 4)), data: file.subarray(at + 8, at + 8 + length) };
    at += 8 + length + length % 2;
  }
}

/** The boxes of an ISO media file (AVIF), or within a box. */
export function* boxes(file: Uint8Array): Generator<Segment<string>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 8 <= file.length;) {
    const short = view.getUint32(at);
    const long = short === 1;
    if (long && at + 16 > file.length) return;
    const length = short === 0
      ? file.length - at
      : long
      ? Number(view.getBigUint64(at + 8))
      : short;
    const header = long ? 16 : 8;
    if (length < header) return;
    const name = latin1(file.subarray(at + 4, at + 8));
    yield { name, data: file.subarray(at + header, at + length) };
    at += length;
  }
}

/** Bytes as text, a character each. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
