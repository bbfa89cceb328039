/**
 * Colour pictures as grey ones.
 *
 * @module
 */

/**
 * Replaces uint8 RGB pixels, in place, by their luma three times: 0.299 R + 0.587 G + 0.114 B of the
 * sRGB values as they are (ITU-R BT.601), what PIL and torchvision make of photos. Networks of one
 * channel see the same, unrounded (images.wgsl).
 */
export function toGrey(pixels: Uint8Array): void {
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const luma = Math.round(0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2]);
    pixels.fill(luma, i, i + 3);
  }
}
