/**
 * Decoded photos in memory that all threads share, up to a budget.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";

/** A photo whose samples may lie in shared memory. */
export type SharedPhoto = Omit<RgbImage, "data"> & { readonly data: Uint8Array };

/** Photos start at multiples of this, so that a 32-bit word can address 128 GiB. */
const ALIGN = 64;

/** What has to be sent to another thread for it to see the same store. */
export interface PhotoStoreMemory {
  /** [0] units in use; then two words a photo: its unit + 1 (0: not here), its size. */
  readonly table: Int32Array<SharedArrayBuffer>;
  /** The samples. */
  readonly arena: Uint8Array<SharedArrayBuffer>;
}

/** The photos; written by the workers, each at most once, and never moved. */
export class PhotoStore {
  /** The memory, to be sent to other threads. */
  readonly memory: PhotoStoreMemory;

  /** Lays a store over memory that another thread made. */
  constructor(memory: PhotoStoreMemory) {
    this.memory = memory;
  }

  /** An empty store for `count` photos and `bytes` of samples. */
  static create(count: number, bytes: number): PhotoStore {
    return new PhotoStore({
      table: new Int32Array(new SharedArrayBuffer(4 * (1 + 2 * count))),
      arena: new Uint8Array(new SharedArrayBuffer(Math.floor(bytes / ALIGN) * ALIGN)),
    });
  }

  /** Bytes in use. */
  get used(): number {
    return Math.min(Atomics.load(this.memory.table, 0) * ALIGN, this.memory.arena.length);
  }

  /** Puts a photo in, if there is room and it is not there yet. */
  put(index: number, photo: SharedPhoto): void {
    const { table, arena } = this.memory;
    if (Atomics.load(table, 1 + 2 * index) !== 0) return;
    const units = Math.ceil(photo.data.length / ALIGN);
    if (Atomics.load(table, 0) + units > arena.length / ALIGN) return;
    const unit = Atomics.add(table, 0, units);
    if (unit + units > arena.length / ALIGN) return;
    arena.set(photo.data, unit * ALIGN);
    Atomics.store(table, 2 + 2 * index, (photo.width << 16) | photo.height);
    Atomics.store(table, 1 + 2 * index, unit + 1);
  }

  /** A photo, its samples where they lie; undefined if it is not here. */
  get(index: number): SharedPhoto | undefined {
    const { table, arena } = this.memory;
    const unit = Atomics.load(table, 1 + 2 * index) - 1;
    if (unit < 0) return;
    const size = Atomics.load(table, 2 + 2 * index);
    const width = size >>> 16;
    const height = size & 0xffff;
    const start = unit * ALIGN;
    return { width, height, data: arena.subarray(start, start + 3 * width * height) };
  }
}
