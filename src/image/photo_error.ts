/**
 * Why a picture cannot be used.
 *
 * @module
 */

/** A fault of the file, not of the program: the file is named, skipped and the work goes on. */
export class PhotoError extends Error {
  /** The class name. */
  override name = "PhotoError";

  /** Refuses pictures too large to decode, before memory is taken for them. */
  static checkSize(width: number, height: number, maxPixels: number): void {
    if (!(width > 0 && height > 0)) throw new PhotoError("it has no pixels");
    if (width * height > maxPixels) {
      const count = (width * height / 1e6).toFixed(0);
      const limit = (maxPixels / 1e6).toFixed(0);
      throw new PhotoError(
        `it is too large: ${width} x ${height} = ${count} million pixels, the limit is ${limit} million`,
      );
    }
  }
}
