/**
 * gifenc (npm), with the types of what we use: it ships none.
 *
 * @module
 */

import gifenc from "npm:gifenc@1.0.3";

/** Up to 256 colours of three bytes. */
export type Palette = number[][];

/** The writer of one GIF file. */
export interface GifWriter {
  /** Adds a frame of palette indices; `delay` in milliseconds, `repeat` 0 loops for ever. */
  writeFrame(
    index: Uint8Array,
    width: number,
    height: number,
    options: { palette: Palette; delay: number; repeat?: number },
  ): void;
  /** Ends the file. */
  finish(): void;
  /** The file's bytes. */
  bytes(): Uint8Array<ArrayBuffer>;
}

interface Gifenc {
  GIFEncoder(): GifWriter;
  quantize(rgba: Uint8Array, colors: number): Palette;
  applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}

const { GIFEncoder, quantize, applyPalette } = gifenc as Gifenc;
export { applyPalette, GIFEncoder, quantize };
