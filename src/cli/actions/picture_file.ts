/**
 * Pictures by their file's name: what it ends in says what is written.
 *
 * @module
 */

import { encodeJpeg } from "../../image/jpeg.ts";
import type { RgbImage } from "../../image/image.ts";
import { encodePng } from "../../image/png_encoder.ts";
import { UsageError } from "../usage_error.ts";

const JPEG = /\.jpe?g$/i;
const JPEG_QUALITY = 95;

/**
 * Refuses the name of a file of a kind that is not written; a name without an ending is as good as any.
 *
 * @throws {UsageError} Naming the kinds that are.
 */
export function checkPictureName(path: string, animated: boolean): void {
  const [ending] = /\.[a-z][a-z0-9]*$/i.exec(path) ?? [];
  if (ending === undefined) return;
  const [good, kinds] = animated
    ? [/\.(gif|png)$/i, "an animation is written as GIF, with a PNG of its frames"]
    : [/\.(png|jpe?g)$/i, "pictures are written as PNG or JPEG"];
  if (good.test(ending)) return;
  throw new UsageError(
    `--out ${path}: ${kinds}; let the name end in .${animated ? "gif" : "png"}.`,
  );
}

/** The bytes of a picture: JPEG where the name says so, which has no room for `text`, else PNG. */
export function encodePicture(
  path: string,
  image: RgbImage,
  text: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  return JPEG.test(path) ? encodeJpeg(image, JPEG_QUALITY) : encodePng(image, text);
}
