/**
 * A batch of pictures as networks see it, and its ways to bytes and files.
 *
 * @module
 */

import { encodeGif, type GifOptions } from "./gif.ts";
import { type GridOptions, makeGrid, type RgbImage, toImages } from "./image.ts";
import { encodePng } from "./png_encoder.ts";

/**
 * Pictures in PyTorch's layout: planes [count, 3, size, size] of numbers in [-1, 1], the colours
 * red, green and blue.
 *
 * @example From photos' bytes and back
 * ```ts
 * import { Pictures } from "@facadegan/facadegan";
 *
 * const bytes = new Uint8Array(2 * 32 * 32 * 3).fill(200); // [2, 32, 32, 3], as Trainer.step() takes
 * const pictures = Pictures.fromPixels(bytes, 32);
 * console.assert(pictures.count === 2 && pictures.toPixels()[0] === 200);
 * const sheet = pictures.grid(); // the bytes of a PNG file
 * console.assert(sheet.length > 0);
 * ```
 */
export class Pictures {
  /** The numbers, [count, 3, size, size]. */
  readonly data: Float32Array<ArrayBuffer>;
  /** Pixels a side. */
  readonly size: number;
  /** How many there are. */
  readonly count: number;

  /**
   * Wraps planes [count, 3, size, size].
   *
   * @throws {RangeError} If they are no whole number of pictures.
   */
  constructor(data: Float32Array<ArrayBuffer>, size: number) {
    this.data = data;
    this.size = size;
    this.count = data.length / (3 * size * size);
    if (!Number.isInteger(this.count)) {
      throw new RangeError(`${data.length} numbers are no pictures [N, 3, ${size}, ${size}]`);
    }
  }

  /**
   * Pictures of bytes [count, size, size, 3], the layout of a batch of photos: 0 becomes -1 and 255
   * becomes 1.
   *
   * @throws {RangeError} If the bytes are no whole number of pictures.
   */
  static fromPixels(pixels: Uint8Array, size: number): Pictures {
    const area = size * size;
    const pictures = new Pictures(new Float32Array(pixels.length), size);
    for (let n = 0; n < pictures.count; n++) {
      for (let c = 0; c < 3; c++) {
        for (let p = 0; p < area; p++) {
          pictures.data[(3 * n + c) * area + p] = pixels[3 * (n * area + p) + c] / 127.5 - 1;
        }
      }
    }
    return pictures;
  }

  /** The pictures as bytes [count, size, size, 3], the layout of a batch of photos. */
  toPixels(): Uint8Array<ArrayBuffer> {
    const pixels = new Uint8Array(this.data.length);
    this.images().forEach(({ data }, i) => pixels.set(data, i * data.length));
    return pixels;
  }

  /** The pictures one by one, as bytes. */
  images(): RgbImage[] {
    return toImages(this.data, this.size);
  }

  /** The pictures from one number to before another. */
  slice(from: number, to: number = this.count): Pictures {
    const each = 3 * this.size * this.size;
    return new Pictures(this.data.slice(from * each, to * each), this.size);
  }

  /** One picture as a PNG file; `text` is stored in it. */
  png(index: number, text: Readonly<Record<string, string>> = {}): PictureBytes {
    return encodePng(this.slice(index, index + 1).images()[0], text);
  }

  /** All pictures side by side as one PNG file. */
  grid(
    options: GridOptions & { readonly text?: Readonly<Record<string, string>> } = {},
  ): PictureBytes {
    return encodePng(makeGrid(this.images(), options), options.text ?? {});
  }

  /** The pictures one after another as an animated GIF file. */
  gif(options: GifOptions = {}): PictureBytes {
    return encodeGif(this.images(), options);
  }
}

/** The bytes of a picture file. */
export type PictureBytes = Uint8Array<ArrayBuffer>;
