/**
 * AVIF: its boxes (ISO/IEC 23008-12, AV1 Image File Format), and its pixels decoded by libavif in
 * WebAssembly.
 *
 * @module
 */

import type { Libavif } from "../deps/avif.js";
import type { RgbImage } from "./image.ts";
import { PhotoError } from "./photo_error.ts";
import { overBackground } from "./rgba.ts";
import { boxes, type Segment } from "./segments.ts";

/** The properties of a file's primary picture, in the order in which they apply. */
export function avifProperties(file: Uint8Array): Segment<string>[] {
  const meta = find(boxes(file), "meta")?.subarray(4);
  const primary = meta && find(boxes(meta), "pitm");
  const container = meta && find(boxes(meta), "iprp");
  if (!primary || !container) return [];
  const id = viewOf(primary);
  const item = id.getUint8(0) === 0 ? id.getUint16(4) : id.getUint32(4);
  const properties = [...boxes(find(boxes(container), "ipco") ?? new Uint8Array())];
  const links = find(boxes(container), "ipma");
  return links ? linksOf(links, item).flatMap((index) => properties[index - 1] ?? []) : [];
}

/** The numbers of an item's properties in an "ipma" box, from 1. */
function linksOf(box: Uint8Array, item: number): number[] {
  const view = viewOf(box);
  const wideItem = view.getUint8(0) > 0;
  const wideIndex = (view.getUint8(3) & 1) !== 0;
  let at = 8;
  for (let left = view.getUint32(4); left > 0; left--) {
    const id = wideItem ? view.getUint32(at) : view.getUint16(at);
    at += wideItem ? 4 : 2;
    const count = view.getUint8(at++);
    const indices: number[] = [];
    for (let i = 0; i < count; i++, at += wideIndex ? 2 : 1) {
      indices.push(wideIndex ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
    }
    if (id === item) return indices;
  }
  return [];
}

function find(all: Iterable<Segment<string>>, wanted: string): Uint8Array | undefined {
  for (const { name, data } of all) if (name === wanted) return data;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Width and height before turning; undefined where the file does not say. */
export function avifSize(file: Uint8Array): { width: number; height: number } | undefined {
  const extents = find(avifProperties(file), "ispe");
  if (!extents) return;
  return { width: viewOf(extents).getUint32(4), height: viewOf(extents).getUint32(8) };
}

/** EXIF's number for quarter turns against the clock (0 to 3), then no mirror, top-bottom, left-right. */
const ORIENTATIONS = [[1, 4, 2], [8, 5, 7], [3, 2, 4], [6, 7, 5]];

/** The orientation (1 to 8) that "irot" and "imir" come to; what EXIF says in an AVIF does not count. */
export function avifOrientation(file: Uint8Array): number {
  const properties = avifProperties(file);
  const turns = (find(properties, "irot")?.[0] ?? 0) & 3;
  const mirror = find(properties, "imir")?.[0];
  return ORIENTATIONS[turns][mirror === undefined ? 0 : 1 + (mirror & 1)];
}

/** An AVIF decoder. */
export class AvifDecoder {
  readonly #create: () => Libavif;
  #avif: Libavif | undefined;

  /** A decoder of the library that `create` starts. */
  constructor(create: () => Libavif) {
    this.#create = create;
  }

  /**
   * Decodes a file, of a sequence the first picture, transparent pixels over `background`. A very
   * large picture is shrunk on the way, leaving both sides at least `minSide`.
   *
   * @throws {PhotoError} If the file is damaged or has more than `maxPixels` pixels.
   */
  decode(
    bytes: Uint8Array,
    background: readonly number[],
    minSide: number,
    maxPixels: number,
  ): RgbImage {
    const size = sizeOf(bytes);
    PhotoError.checkSize(size.width, size.height, maxPixels);
    const avif = this.#avif ?? this.#create();
    this.#avif = undefined; // not kept where decoding throws, nor after very large pictures
    const picture = avif.decode(bytes, 8);
    if (size.width * size.height < 2 ** 22) this.#avif = avif;
    if (!picture) throw new PhotoError("its AVIF data is damaged or cut short");
    const { width, height, data } = picture;
    PhotoError.checkSize(width, height, maxPixels);
    return overBackground(data, width, height, background, minSide);
  }
}

function sizeOf(bytes: Uint8Array): { width: number; height: number } {
  try {
    const size = avifSize(bytes);
    if (size) return size;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new PhotoError("its AVIF header is damaged");
}
