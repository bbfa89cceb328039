/**
 * One synthetic facade as a picture file, on disk or as bytes.
 *
 * @module
 */

import { replaceFileSync } from "../files/atomic.ts";
import { encodePng } from "../image/png_encoder.ts";
import { encodeJpeg } from "../image/jpeg.ts";
import { drawFacade, type FacadeStyle } from "../synth/facade.ts";

/** Which facade to draw, and where to. */
export interface FacadeFile {
  /** The file, or its name where there is none; its ending, .jpg or .png, decides the format. */
  readonly path: string;
  /** What kind of facade. */
  readonly style: FacadeStyle;
  /** Seed of the set. */
  readonly seed: number;
  /** The facade's index in the set. */
  readonly index: number;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

const QUALITY = 92;

/** Draws a facade: the bytes of its file. */
export function encodeFacade(
  { path, style, seed, index, width, height }: FacadeFile,
): Uint8Array {
  const image = drawFacade(seed, index, width, height, style);
  return path.endsWith(".png") ? encodePng(image) : encodeJpeg(image, QUALITY);
}

/** Draws a facade into its file, which appears under its name only when it is complete. */
export function drawFacadeFile(file: FacadeFile): void {
  replaceFileSync(file.path, encodeFacade(file));
}
