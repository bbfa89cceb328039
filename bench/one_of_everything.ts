/**
 * A folder with one of everything that people have among photos, to see what is said of it:
 *
 *     deno run -A bench/one_of_everything.ts FOLDER
 *     deno task dataset inspect FOLDER
 *
 * Files of kinds that are not read are no more than their first bytes.
 *
 * @module
 */

import { join } from "node:path";
import { zipSync } from "npm:fflate@0.8.3";
import { encodeJpeg } from "../src/image/jpeg.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { drawFacade } from "../src/synth/facade.ts";
import pictures from "../tests/fixtures/web_pictures.json" with { type: "json" };
import { tar } from "./torture/tar_writer.ts";

const latin = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (c) => c.charCodeAt(0));
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => latin(atob(base64));
const photo = (index: number, width: number, height: number) =>
  drawFacade(1, index, width, height, "varied");

/** How files of kinds that are not read begin, and the name of the kind. */
export const OTHERS: Readonly<Record<string, readonly [string, Uint8Array]>> = {
  "a.heic": ["HEIC", latin("\0\0\0\x18ftypheic\0\0\0\0mif1heic")],
  "a.tif": ["TIFF", latin("II*\0\x08\0\0\0\0\0")],
  "a.nef": ["raw", latin("II*\0\x08\0\0\0\0\0")],
  "b.cr2": ["raw", latin("II*\0\x10\0\0\0CR\x02\0")],
  "a.bmp": ["BMP", latin("BM\x10\0\0\0\0\0\0\0")],
  "a.gif": ["GIF", latin("GIF89a")],
  "a.psd": ["PSD", latin("8BPS\0\x01")],
  "a.svg": ["SVG", latin('<?xml version="1.0"?>\n<svg xmlns="">')],
  "a.pdf": ["PDF", latin("%PDF-1.7")],
  "a.mp4": ["video", latin("\0\0\0\x20ftypisom\0\0\x02\0isomiso2")],
  "a.jxl": ["JPEG XL", latin("\xff\x0a\0\0")],
  "a.7z": ["packed archive", latin("7z\xbc\xaf\x27\x1c")],
  "page.jpg": ["HTML", latin("<!DOCTYPE html>")],
  "notes.txt": ["other", latin("hello")],
};

/** Writes the folder's files. */
export async function writeOneOfEverything(folder: string): Promise<void> {
  const jpeg = encodeJpeg(photo(0, 240, 180), 90);
  const files: Record<string, Uint8Array> = {
    "photo.jpg": jpeg,
    "cut short.jpg": encodeJpeg(photo(1, 200, 200), 90).subarray(0, -200),
    "half.jpg": encodeJpeg(photo(2, 200, 200), 90).subarray(0, 4000),
    "empty.jpg": new Uint8Array(0),
    "photo.png": encodePng(photo(3, 120, 160)),
    "copy.png": encodePng(photo(3, 120, 160)),
    "web.jpg": bytesOf(pictures["lossy.webp"].file),
    "animated.webp": bytesOf(pictures["animated.webp"].file),
    "unnamed": bytesOf(pictures["smooth.avif"].file),
    "photos.zip": zipSync({
      "in a zip.png": encodePng(photo(4, 90, 60)),
      "list.csv": latin("a,b"),
    }),
    "photos.tar": tar([["in a tar.png", encodePng(photo(5, 60, 90))], [
      "in a tar.txt",
      latin("x"),
    ]]),
    "._photo.jpg": latin("Mac OS X"),
    "Thumbs.db": latin("Windows"),
  };
  for (const [name, [, bytes]] of Object.entries(OTHERS)) files[name] = bytes;
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(join(folder, name), bytes);
  }
}

if (import.meta.main) await writeOneOfEverything(Deno.args[0]);
