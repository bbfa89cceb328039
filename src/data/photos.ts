/**
 * Decoded photos as a worker gets at them: from memory, else from disk, else from their file.
 *
 * @module
 */

import { whyUnreadable } from "../files/read_error.ts";
import type { Decode, LazyKind } from "../image/decode.ts";
import { CacheRoom } from "./cache_bounds.ts";
import { DiskCache } from "./disk_cache.ts";
import { PhotoError } from "../image/photo_error.ts";
import { PhotoStore, type PhotoStoreMemory, type SharedPhoto } from "./photo_store.ts";
import { readSize } from "../image/picture_size.ts";
import { decodeSide, reducePhoto, type ReduceSettings } from "./reduce.ts";
import { type Item, readItem } from "./items.ts";

/** Which photos there are, what shapes them and where decoded ones are kept. */
export interface PhotoSettings {
  /** The pictures. */
  readonly items: readonly Item[];
  /** Kinds among them whose decoders are loaded before work begins. */
  readonly lazy: readonly LazyKind[];
  /** Shared memory for decoded photos. */
  readonly store: PhotoStoreMemory;
  /** What shapes a kept photo. */
  readonly reduce: ReduceSettings;
  /** The colour behind transparent pixels. */
  readonly background: readonly number[];
  /** Pictures with more pixels are refused. */
  readonly maxPixels: number;
  /** A JPEG cut short is used if at least this share of its rows is there. */
  readonly minIntact: number;
  /** The cache folder; null for none. */
  readonly cacheDir: string | null;
  /** What may still be written there: the words of a {@linkcode CacheRoom}. */
  readonly cacheRoom: Int32Array<SharedArrayBuffer>;
}

/** Told of a photo that is used though part of it is missing, by its number. */
export type OnFlaw = (index: number, flaw: string) => void;

/** Told once why decoded photos are not kept on disk. */
export type OnUncached = (why: string) => void;

/** Runs something while no other worker does. */
export type Exclusive = <T>(work: () => T) => T;

/** To be raised when equal settings give other pixels than before: old entries are then ignored. */
const VERSION = 2;
/** Pictures of more pixels are decoded one at a time, lest all workers run out of memory at once. */
const LARGE = 2 ** 24;

/** The photos. */
export class Photos implements Disposable {
  /** Photos decoded from their files so far. */
  decoded = 0;
  /** Photos read from the disk cache so far. */
  cached = 0;
  readonly #settings: PhotoSettings;
  readonly #store: PhotoStore;
  readonly #disk: DiskCache | undefined;
  readonly #decode: Decode;
  readonly #exclusive: Exclusive;
  readonly #onFlaw: OnFlaw;
  readonly #onUncached: OnUncached;
  #toldUncached = false;

  /** The photos of a phase; `onFlaw` is told of those that are used though part of them is missing. */
  constructor(
    settings: PhotoSettings,
    decode: Decode,
    exclusive: Exclusive,
    onFlaw: OnFlaw = () => {},
    onUncached: OnUncached = () => {},
  ) {
    const { cacheDir, reduce, background, maxPixels } = settings;
    this.#settings = settings;
    this.#store = new PhotoStore(settings.store);
    this.#disk = cacheDir === null ? undefined : new DiskCache(
      cacheDir,
      JSON.stringify({ version: VERSION, reduce, background, maxPixels }),
      new CacheRoom(settings.cacheRoom),
    );
    this.#decode = decode;
    this.#exclusive = exclusive;
    this.#onFlaw = onFlaw;
    this.#onUncached = onUncached;
  }

  /**
   * Photo `index`.
   *
   * @throws {PhotoError} If its file cannot be used.
   */
  get(index: number): SharedPhoto {
    const kept = this.#store.get(index);
    if (kept) return kept;
    const item = this.#settings.items[index];
    let photo = this.#disk?.read(item.identity);
    if (photo) {
      this.cached++;
    } else {
      let flaw: string | undefined;
      photo = this.#fromFile(item, (found) => flaw = found);
      this.decoded++;
      // What has a flaw is decoded, and so told of, at every start.
      if (flaw === undefined) this.#disk?.write(item.identity, photo);
      else this.#onFlaw(index, flaw);
      if (this.#disk?.failure !== undefined && !this.#toldUncached) {
        this.#toldUncached = true;
        this.#onUncached(this.#disk.failure);
      }
    }
    this.#store.put(index, photo);
    return photo;
  }

  /** Closes the disk cache. */
  [Symbol.dispose](): void {
    this.#disk?.[Symbol.dispose]();
  }

  #fromFile(item: Item, onFlaw: (flaw: string) => void) {
    const bytes = read(item);
    const { reduce, background, maxPixels, minIntact } = this.#settings;
    const options = { background, maxPixels, minIntact, minSide: decodeSide(reduce), onFlaw };
    const work = () => reducePhoto(this.#decodeTwice(bytes, options), reduce);
    const size = readSize(bytes);
    return size && size.width * size.height > LARGE ? this.#exclusive(work) : work();
  }

  /** A trap in WebAssembly may be the last file's doing: a fresh decoder gets a second try. */
  #decodeTwice(...[bytes, options]: Parameters<Decode>): ReturnType<Decode> {
    try {
      return this.#decode(bytes, options);
    } catch (error) {
      if (error instanceof PhotoError) throw error;
    }
    try {
      return this.#decode(bytes, options);
    } catch (error) {
      if (error instanceof PhotoError) throw error;
      throw new PhotoError(`the decoder crashed on it twice: ${(error as Error).message}`);
    }
  }
}

function read(item: Item): Uint8Array {
  try {
    return readItem(item);
  } catch (error) {
    if (error instanceof PhotoError) throw error;
    if (error instanceof Deno.errors.NotFound) throw new PhotoError("it has vanished");
    throw new PhotoError(`it cannot be read: ${whyUnreadable(error)}`);
  }
}
