/**
 * JPEG, decoded by libjpeg-turbo and encoded by ImageScript, both in WebAssembly.
 *
 * ImageScript decodes JPEG too, at half the speed (docs/data.md has the figures).
 *
 * @module
 */

import { imagescriptJpeg, libjpegTurbo } from "../deps/codecs.js";
import type { RgbImage } from "./image.ts";
import { PhotoError } from "./photo_error.ts";
import { jpegSegments } from "./segments.ts";

interface Turbo {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  tjDecompressHeader3(
    handle: number,
    bytes: number,
    length: number,
    width: number,
    height: number,
    subsampling: number,
    colorspace: number,
  ): number;
  tjDecompress2(
    handle: number,
    bytes: number,
    length: number,
    out: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

// Names and values of turbojpeg.h.
const TJPF_RGB = 0;
const TJPF_CMYK = 11;
const TJCS_CMYK = 3;
/** Refuses progressive files of more than 500 scans, made to keep a decoder busy. */
const TJFLAG_LIMITSCANS = 32_768;
/** WebAssembly memory only grows: beyond this much it is given back by starting afresh. */
const KEEP_BYTES = 64 * 2 ** 20;

/** libjpeg reports an error by `longjmp`, which here unwinds as this exception. */
class LibraryError extends Error {}

/** How a file is decoded. */
export interface JpegOptions {
  /** The picture may come out smaller than it is, if both its sides stay at least this long. */
  readonly minSide: number;
  /** Pictures with more pixels are refused. */
  readonly maxPixels: number;
  /** A file cut short is used if at least this share of its rows is there. */
  readonly minIntact: number;
  /** Told in words what a picture that is used all the same falls short of. */
  readonly onFlaw?: ((flaw: string) => void) | undefined;
}

/** A JPEG decoder; make another after a `WebAssembly.RuntimeError`. */
export class JpegDecoder {
  #turbo: Turbo | undefined;
  #handle = 0;

  /**
   * Decodes a file. What libjpeg only warns of (stray bytes, odd parameters, damaged blocks) is taken as
   * it comes, as other programs do; of a file cut short `minIntact` of the rows must be there. Where `minSide` allows, the picture is shrunk by 2, 4 or 8 on the way (within
   * the inverse cosine transform, which saves most of the work), leaving both sides at least
   * `minSide`.
   *
   * @throws {PhotoError} If the file is damaged beyond use, of a kind that libjpeg-turbo does not
   * decode, or has more than `maxPixels` pixels.
   */
  decode(
    bytes: Uint8Array,
    { minSide, maxPixels, minIntact, onFlaw }: JpegOptions,
  ): RgbImage {
    const turbo = this.#turbo ?? this.#start();
    const input = turbo.malloc(bytes.length);
    let output = 0;
    try {
      new Uint8Array(turbo.memory.buffer, input, bytes.length).set(bytes);
      const header = this.#readHeader(turbo, input, bytes.length);
      PhotoError.checkSize(header.width, header.height, maxPixels);
      const shrink = [8, 4, 2].find((factor) =>
        Math.min(header.width, header.height) >= factor * minSide
      ) ?? 1;
      const width = Math.ceil(header.width / shrink);
      const height = Math.ceil(header.height / shrink);
      const channels = header.colorspace >= TJCS_CMYK ? 4 : 3;
      const size = width * height * channels;
      output = turbo.malloc(size);
      if (output === 0) throw new PhotoError("there is not enough memory to decode it");
      const status = turbo.tjDecompress2(
        this.#handle,
        input,
        bytes.length,
        output,
        width,
        0,
        height,
        channels === 4 ? TJPF_CMYK : TJPF_RGB,
        TJFLAG_LIMITSCANS,
      );
      const pixels = new Uint8Array(turbo.memory.buffer, output, size);
      // An error would have jumped: a status other than 0 is a warning.
      if (status !== 0) {
        const flaw = flawOf(bytes, pixels, height, minIntact);
        if (flaw) onFlaw?.(flaw);
      }
      return { width, height, data: channels === 4 ? invertedCmykToRgb(pixels) : pixels.slice() };
    } catch (error) {
      if (error instanceof LibraryError) {
        // The jump left the C stack as it was in mid-flight.
        this.#turbo = undefined;
        throw new PhotoError(damage(bytes));
      }
      if (!(error instanceof PhotoError)) this.#turbo = undefined;
      throw error;
    } finally {
      if (this.#turbo) {
        turbo.free(output);
        turbo.free(input);
        if (turbo.memory.buffer.byteLength > KEEP_BYTES) this.#turbo = undefined;
      }
    }
  }

  #readHeader(
    turbo: Turbo,
    input: number,
    length: number,
  ): { width: number; height: number; colorspace: number } {
    const out = turbo.malloc(16);
    const status = turbo.tjDecompressHeader3(
      this.#handle,
      input,
      length,
      out,
      out + 4,
      out + 8,
      out + 12,
    );
    const [width, height, , colorspace] = new Int32Array(turbo.memory.buffer, out, 4);
    turbo.free(out);
    // Warnings, too, make a status other than 0; without a size it was more than that.
    if (status !== 0 && !(width > 0 && height > 0)) {
      throw new PhotoError("its JPEG header is damaged");
    }
    return { width, height, colorspace };
  }

  #start(): Turbo {
    const fail = (): never => {
      throw new LibraryError();
    };
    const imports = {
      env: { setjmp: () => 0, longjmp: fail },
      wasi_snapshot_preview1: {
        environ_sizes_get: () => 0,
        environ_get: fail,
        fd_close: fail,
        fd_seek: fail,
        fd_write: fail,
        proc_exit: fail,
      },
    };
    const { exports } = new WebAssembly.Instance(libjpegTurbo, imports);
    this.#turbo = exports as unknown as Turbo;
    this.#handle = this.#turbo.tjInitDecompress();
    return this.#turbo;
  }
}

/** What is wrong with a file that libjpeg-turbo refused. */
function damage(bytes: Uint8Array): string {
  return unsupportedKind(bytes) ??
    (hasEnd(bytes)
      ? "its JPEG data is damaged"
      : "it is cut short: the end of its JPEG data is missing");
}

/** Kinds of JPEG that libjpeg-turbo's build here does not decode, by the frame's marker. */
function unsupportedKind(bytes: Uint8Array): string | undefined {
  for (const { name, data } of jpegSegments(bytes)) {
    if (name < 0xc0 || name > 0xcf || [0xc4, 0xc8, 0xcc].includes(name)) continue;
    const kind = [0xc3, 0xc7, 0xcb, 0xcf].includes(name)
      ? "a lossless"
      : name >= 0xc9
      ? "an arithmetic-coded"
      : name >= 0xc5
      ? "a hierarchical"
      : data[0] !== 8
      ? `a ${data[0]}-bit`
      : undefined;
    return kind && `it is ${kind} JPEG, which is not supported: convert it to a plain one`;
  }
}

/**
 * Whether the end marker stands behind the picture, maybe before padding that some cameras add. One
 * before the first scan is the thumbnail's.
 */
function hasEnd(bytes: Uint8Array): boolean {
  const scan = jpegSegments(bytes).find(({ name }) => name === 0xda);
  if (!scan) return false;
  const start = scan.data.byteOffset - bytes.byteOffset;
  for (let i = bytes.length - 2; i >= start; i--) {
    if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return true;
  }
  return false;
}

/** Whether a file's picture comes in several scans, each finer than the one before. */
function isProgressive(bytes: Uint8Array): boolean {
  return jpegSegments(bytes).some(({ name }) => name === 0xc2);
}

/**
 * How a picture that libjpeg-turbo warned of falls short; undefined if it does not.
 *
 * @throws {PhotoError} If too little of it is there.
 */
function flawOf(
  bytes: Uint8Array,
  pixels: Uint8Array,
  height: number,
  minIntact: number,
): string | undefined {
  if (hasEnd(bytes)) return undefined;
  const share = isProgressive(bytes) ? 0 : 1 - emptyRows(pixels, height) / height;
  if (share < minIntact) throw new PhotoError(damage(bytes));
  return share === 1
    ? "it is cut short within its last rows"
    : `it is cut short: ${Math.floor(100 * share)}% of its rows are there`;
}

/** Rows at the bottom in one colour all over: what libjpeg makes of blocks that are missing. */
function emptyRows(pixels: Uint8Array, height: number): number {
  const row = pixels.length / height;
  const channels = 3;
  let same = pixels.length;
  const last = pixels.subarray(pixels.length - channels);
  while (same > 0 && pixels[same - 1] === last[(same - 1) % channels]) same--;
  return Math.floor((pixels.length - same) / row);
}

/** CMYK as Adobe writes it into JPEG files: 255 is no ink. */
function invertedCmykToRgb(cmyk: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(cmyk.length / 4 * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const key = cmyk[from + 3];
    for (let c = 0; c < 3; c++) rgb[to + c] = (cmyk[from + c] * key + 127) / 255;
  }
  return rgb;
}

interface ImagescriptJpeg {
  readonly memory: WebAssembly.Memory;
  walloc(size: number): number;
  wfree(pointer: number, size: number): void;
  wlen(): number;
  encode(rgba: number, width: number, height: number, quality: number): number;
}

let encoder: ImagescriptJpeg | undefined;

/** Encodes a picture as a baseline JPEG file; quality 1 to 100. */
export function encodeJpeg(image: RgbImage, quality: number): Uint8Array<ArrayBuffer> {
  encoder ??= new WebAssembly.Instance(imagescriptJpeg).exports as unknown as ImagescriptJpeg;
  const { width, height, data } = image;
  const pointer = encoder.walloc(4 * width * height);
  const rgba = new Uint8Array(encoder.memory.buffer, pointer, 4 * width * height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from];
    rgba[to + 1] = data[from + 1];
    rgba[to + 2] = data[from + 2];
    rgba[to + 3] = 255;
  }
  const file = encoder.encode(pointer, width, height, quality); // takes `pointer` over
  const bytes = new Uint8Array(encoder.memory.buffer, file, encoder.wlen()).slice();
  encoder.wfree(file, bytes.length);
  return bytes;
}
