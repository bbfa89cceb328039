/**
 * A folder of photos as an endless row of batches.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { type LazyKind, loadDecoders } from "../image/decode.ts";
import { type Batch, BatchRing } from "./batch_ring.ts";
import { CacheRoom, pruneCache } from "./cache_bounds.ts";
import { cacheDir } from "../files/cache_dir.ts";
import {
  type DatasetOptions,
  type ResolvedOptions,
  resolveOptions,
  type Skipped,
} from "./options.ts";
import { PhotoStore } from "./photo_store.ts";
import type { PhotoSettings } from "./photos.ts";
import { itemsOf } from "./holdout.ts";
import { listingOf } from "./listing.ts";
import { IMAGE_WORKER, type PhaseCounts, WATCH_MS, WorkerPool } from "./pool.ts";
import { ProgressMeter } from "./progress.ts";
import { keptSide, MAX_ASPECT } from "./reduce.ts";
import { type Item, storedSize } from "./items.ts";
import { type Listing, listPictures } from "./sources.ts";
import { hashPhoto } from "./duplicates.ts";
import { type PhotoFacts, photoWarnings } from "./warnings.ts";
import { defaultFacades } from "./drawn_facades.ts";
import type { BatchSettings } from "./worker_loop.ts";

export type { Batch };

/** Counters of a dataset. */
export interface DatasetStats {
  /** Photos decoded from their files while opening. */
  readonly decoded: number;
  /** Photos found in the disk cache while opening. */
  readonly cached: number;
  /** Bytes of decoded photos in memory. */
  readonly memoryBytes: number;
  /** Workers that crashed or hung and were replaced. */
  readonly workersReplaced: number;
  /** Seconds that opening took, listing and decoding included. */
  readonly openSeconds: number;
}

/** Decoded photos and the workers that make batches of them. */
export interface Dataset extends AsyncDisposable {
  /** Usable photos. */
  readonly count: number;
  /** The names of the usable photos, in order. */
  readonly names: readonly string[];
  /**
   * A line for each usable photo, in order: its bytes and its path within its source. Two datasets are
   * of the same photos where these are the same.
   */
  readonly listing: readonly string[];
  /** Steps after which every photo has been seen once, rounded up. */
  readonly stepsPerEpoch: number;
  /** Files that cannot be used, in the order of their names. */
  readonly skipped: readonly Skipped[];
  /** Counters. */
  readonly stats: DatasetStats;
  /**
   * What will keep pictures from getting good, a line each: too few photos, many alike, all tiny or very
   * long. Of more than a thousand, a thousand spread evenly are looked at. Drawn facades have none.
   */
  warnings(): string[];
  /** Milliseconds the consumer has waited for batches in all. */
  readonly waited: number;
  /**
   * The batch of a step: a pure function of (seed, step). Asking for consecutive steps is fast
   * (later ones are prepared meanwhile); any other order works.
   *
   * @throws {Error} If every prepared batch is still held, or the dataset is closed.
   */
  batch(step: number): Promise<Batch>;
  /** The batches from a step on, each released when the next is asked for. */
  batches(from?: number): AsyncIterableIterator<Batch>;
  /** Ends the workers; a pending {@linkcode batch} rejects. */
  close(): Promise<void>;
}

/**
 * Opens photos for training: lists them, decodes what is not cached yet and starts the workers.
 *
 * @throws {UserError} If a folder is missing or holds no usable picture, or an option is out of
 * range.
 */
export function openDataset(options: DatasetOptions = {}): Promise<Dataset> {
  return openDatasetWith(options, IMAGE_WORKER);
}

/** {@linkcode openDataset} with another worker module: for tests of what happens when one fails. */
export async function openDatasetWith(
  options: DatasetOptions,
  workerUrl: URL,
): Promise<Dataset> {
  const started = performance.now();
  const resolved = resolveOptions(options, cacheDir);
  if (options.cacheDir === undefined && resolved.cacheDir === null) {
    resolved.onUncached("nothing says where it is; set HOME or FACADEGAN_CACHE");
  }
  const pool = new WorkerPool(workerUrl, resolved.workers, resolved.jobTimeout);
  try {
    const decoded = await decodeAll(pool, resolved);
    return new OpenDataset(pool, decoded, resolved, started);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** What opening leaves behind. */
interface Decoded {
  readonly photos: PhotoSettings;
  readonly usable: Uint32Array;
  readonly skipped: Skipped[];
  readonly counts: PhaseCounts;
}

/** Decodes every photo once, into memory and the disk cache, and learns which can be used. */
async function decodeAll(pool: WorkerPool, options: ResolvedOptions): Promise<Decoded> {
  const { source, cacheDir, cacheBytes } = options;
  const unlisted: Skipped[] = [];
  const { items: listed, others }: Listing = source
    ? await listPictures(source, (one) => unlisted.push(one))
    : { items: await defaultFacades(pool, options), others: [] };
  for (const kind of others) options.onOthers(kind);
  const lazy = await loadWhatIsNeeded(listed, (one) => unlisted.push(one));
  const items = itemsOf(options.part, listed.filter(lazy.usable), options.holdout);
  const { layout, trimBorder, background, maxPixels, minIntact, memoryBudget, onProgress } =
    options;
  const side = keptSide(options.size, options.augmentation);
  const store = PhotoStore.create(
    items.length,
    Math.min(memoryBudget, items.length * 3 * side * side * MAX_ASPECT),
  );
  const cacheRoom = CacheRoom.create(cacheBytes);
  const photos: PhotoSettings = {
    items,
    lazy: lazy.kinds,
    store: store.memory,
    reduce: { side, layout, trimBorder },
    background,
    maxPixels,
    minIntact,
    cacheDir,
    cacheRoom: cacheRoom.words,
  };
  const reasons = new Map<number, string>();
  const meter = new ProgressMeter("decoding", "photos", onProgress);
  const counts = await pool.runAll(
    items.length,
    { kind: "decode", photos },
    meter,
    (index, reason) => reasons.set(index, reason),
    (index, reason) => options.onFlawed({ path: items[index].name, reason }),
    options.onUncached,
  );
  // What older settings and other photos left makes way for what was used just now.
  if (cacheDir !== null) cacheRoom.left = cacheBytes - await pruneCache(cacheDir, cacheBytes);
  const undecoded = [...reasons].map(([index, reason]) => ({ path: items[index].name, reason }));
  const skipped = [...unlisted, ...undecoded].sort((a, b) => a.path < b.path ? -1 : 1);
  for (const one of skipped) options.onSkipped(one);
  const usable = Uint32Array.from(items.keys()).filter((index) => !reasons.has(index));
  if (usable.length === 0) {
    const [{ path, reason }] = skipped;
    throw new UserError(
      `none of the ${items.length} pictures in ${source?.join(", ")} can be used; ` +
        `the first, ${path}: ${reason}`,
    );
  }
  return { photos, usable, skipped, counts };
}

/**
 * Loads, and where need be downloads, the decoders of kinds that most folders have none of: here once,
 * lest every worker does. Without the decoder photos of its kind are skipped.
 */
async function loadWhatIsNeeded(
  items: readonly Item[],
  skip: (skipped: Skipped) => void,
): Promise<{ kinds: LazyKind[]; usable: (item: Item) => boolean }> {
  const kinds: LazyKind[] = [];
  const missing = new Set<string | undefined>();
  for (const kind of ["WebP", "AVIF"] as const) {
    const ofKind = items.filter((item) => item.kind === kind);
    if (ofKind.length === 0) continue;
    try {
      await loadDecoders([kind]);
      kinds.push(kind);
    } catch (error) {
      missing.add(kind);
      const why = (error as Error).message.split("\n")[0];
      for (const { name } of ofKind) {
        skip({ path: name, reason: `the decoder of ${kind} cannot be loaded: ${why}` });
      }
    }
  }
  return { kinds, usable: ({ kind }) => !missing.has(kind) };
}

/** The most photos that are looked at for warnings. */
const LOOKED_AT = 1000;

class OpenDataset implements Dataset {
  readonly count: number;
  readonly names: readonly string[];
  readonly listing: readonly string[];
  readonly stepsPerEpoch: number;
  readonly skipped: Skipped[];
  waited = 0;
  readonly #pool: WorkerPool;
  readonly #ring: BatchRing;
  readonly #store: PhotoStore;
  readonly #counts: PhaseCounts;
  readonly #openSeconds: number;
  readonly #facts: () => PhotoFacts | undefined;
  /** Requests are served one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    pool: WorkerPool,
    { photos, usable, skipped, counts }: Decoded,
    options: ResolvedOptions,
    started: number,
  ) {
    const { seed, shuffle, augmentation, batch, size, prefetch } = options;
    this.count = usable.length;
    const items = Array.from(usable, (index) => photos.items[index]);
    this.names = items.map(({ name }) => name);
    this.listing = listingOf(items, options.source);
    this.stepsPerEpoch = Math.ceil(usable.length / batch);
    this.skipped = skipped;
    this.#pool = pool;
    this.#counts = counts;
    this.#store = new PhotoStore(photos.store);
    this.#facts = () => options.source && this.#lookAt(photos.items, usable, { batch, size });
    this.#ring = new BatchRing(prefetch, batch, 3 * size * size);
    const { steps, missing, pixels, board } = this.#ring;
    const batches: BatchSettings = {
      usable,
      seed,
      shuffle,
      augmentation,
      batch,
      size,
      steps,
      missing,
      pixels,
    };
    const reported = new Set<number>();
    pool.start(board, { kind: "batch", photos, batches }, (report) => {
      if (report.kind === "uncached") options.onUncached(report.reason);
      if (report.kind !== "skipped" || reported.has(report.index)) return;
      reported.add(report.index);
      const one = { path: photos.items[report.index].name, reason: report.reason };
      this.skipped.push(one);
      options.onSkipped(one);
    });
    this.#openSeconds = (performance.now() - started) / 1000;
  }

  get stats(): DatasetStats {
    return {
      ...this.#counts,
      memoryBytes: this.#store.used,
      workersReplaced: this.#pool.replaced,
      openSeconds: this.#openSeconds,
    };
  }

  warnings(): string[] {
    const facts = this.#facts();
    return facts ? photoWarnings(facts) : [];
  }

  #lookAt(
    items: readonly Item[],
    usable: Uint32Array,
    settings: Pick<PhotoFacts, "batch" | "size">,
  ): PhotoFacts {
    const { count } = this;
    const looked = Math.min(count, LOOKED_AT);
    const chosen = Array.from({ length: looked }, (_, i) => usable[Math.floor(i * count / looked)]);
    const hashes = chosen.flatMap((index) => {
      const photo = this.#store.get(index); // as many as fit into memory are there
      return photo ? [hashPhoto({ ...photo, data: Uint8Array.from(photo.data) })] : [];
    });
    const sizes = chosen.values().map((index) => storedSize(items[index]))
      .filter((size) => size !== undefined);
    return { count, ...settings, hashes, sizes };
  }

  batch(step: number): Promise<Batch> {
    const result = this.#queue.then(() => this.#take(step));
    this.#queue = result.catch(() => {});
    return result;
  }

  async *batches(from = 0): AsyncGenerator<Batch> {
    for (let step = from;; step++) {
      const batch = await this.batch(step);
      try {
        yield batch;
      } finally {
        batch.release();
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #take(step: number): Promise<Batch> {
    const started = performance.now();
    const watch = (): void => {
      if (this.#closed) throw new Error("the dataset is closed");
      // Whatever attempt it is: the worker itself replaces a photo that killed two of its kind.
      this.#pool.watch(() => true);
    };
    if (this.#closed) watch();
    if (this.#ring.exhausted) {
      throw new Error("every prepared batch is held: release() some before asking for more");
    }
    let slot = this.#ring.find(step);
    if (slot === undefined) {
      await this.#ring.seek(step, watch);
      slot = this.#ring.find(step)!;
    }
    while (!this.#ring.ready(slot)) {
      watch();
      await this.#ring.wait(slot, WATCH_MS);
    }
    this.waited += performance.now() - started;
    return this.#ring.hold(slot);
  }
}
