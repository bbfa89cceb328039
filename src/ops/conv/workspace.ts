/**
 * Memory behind the products: what one needs only while it runs, which all products of a program
 * may share as dispatches run one after another; and their operands' packed forms, which live on.
 *
 * @module
 */

import { makeBuffer, type Slice, upload } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import { Packing } from "./packing.ts";

/** Lends buffers by name and size; the same name and size, the same memory. */
export class Workspace {
  /** Operands as textures. */
  readonly packing: Packing;
  readonly #gpu: Gpu;
  readonly #buffers = new Map<string, Slice>();

  /** Starts empty. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.packing = new Packing(gpu);
  }

  /** A buffer of at least `floats` numbers, content undefined. */
  buffer(name: string, floats: number): Slice {
    // Rounded up to a power of two, so that layers of like size share.
    const size = 2 ** Math.ceil(Math.log2(floats));
    const key = `${name} ${size}`;
    let slice = this.#buffers.get(key);
    if (!slice) this.#buffers.set(key, slice = makeBuffer(this.#gpu, key, size));
    return { ...slice, size: 4 * floats };
  }

  /** A small buffer of these words, written once. */
  words(words: Uint32Array): Slice {
    const key = `words ${words}`;
    let slice = this.#buffers.get(key);
    if (!slice) {
      this.#buffers.set(key, slice = makeBuffer(this.#gpu, key, words.length));
      upload(this.#gpu, slice, words);
    }
    return slice;
  }

  /** A small buffer of these numbers, written once. */
  floats(numbers: readonly number[]): Slice {
    return this.words(new Uint32Array(Float32Array.from(numbers).buffer));
  }

  /** Frees everything lent. */
  destroy(): void {
    for (const { buffer } of this.#buffers.values()) buffer.destroy();
    this.packing.destroy();
  }
}
