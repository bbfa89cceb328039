/**
 * Pictures in memory, and the way from the generator's numbers to them.
 *
 * @module
 */

/** A picture of eight-bit red, green and blue, row by row from the top left. */
export interface RgbImage {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The samples: `3 * width * height` of them. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A picture of one colour. */
export function blankImage(
  width: number,
  height: number,
  color: readonly [number, number, number] = [255, 255, 255],
): RgbImage {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = color[i % 3];
  return { width, height, data };
}

/**
 * Splits a batch [N, 3, size, size] of numbers in [-1, 1] into N pictures.
 * Numbers outside are clamped; NaN becomes black.
 */
export function toImages(batch: Float32Array, size: number): RgbImage[] {
  const plane = size * size;
  const images: RgbImage[] = [];
  for (let from = 0; from + 3 * plane <= batch.length; from += 3 * plane) {
    const data = new Uint8Array(3 * plane);
    for (let channel = 0; channel < 3; channel++) {
      for (let i = 0; i < plane; i++) {
        const value = Math.round((batch[from + channel * plane + i] + 1) * 127.5);
        data[3 * i + channel] = value > 255 ? 255 : value > 0 ? value : 0;
      }
    }
    images.push({ width: size, height: size, data });
  }
  return images;
}

/** How {@linkcode makeGrid} lays pictures out. */
export interface GridOptions {
  /** Pictures a row; default: as square a grid as the count allows. */
  readonly columns?: number;
  /** Pixels between the pictures and around them; default 2. */
  readonly gap?: number;
  /** The colour of the gaps; default white. */
  readonly background?: readonly [number, number, number];
}

/** Puts pictures of one size side by side, row by row; missing ones at the end stay background. */
export function makeGrid(images: readonly RgbImage[], options: GridOptions = {}): RgbImage {
  const { gap = 2, background = [255, 255, 255] } = options;
  const columns = Math.max(1, options.columns ?? Math.ceil(Math.sqrt(images.length)));
  const rows = Math.max(1, Math.ceil(images.length / columns));
  const { width = 0, height = 0 } = images[0] ?? {};
  const grid = blankImage(
    columns * (width + gap) + gap,
    rows * (height + gap) + gap,
    background,
  );
  for (const [index, image] of images.entries()) {
    const left = gap + (index % columns) * (width + gap);
    const top = gap + Math.floor(index / columns) * (height + gap);
    for (let y = 0; y < height; y++) {
      const row = image.data.subarray(3 * y * width, 3 * (y + 1) * width);
      grid.data.set(row, 3 * ((top + y) * grid.width + left));
    }
  }
  return grid;
}
