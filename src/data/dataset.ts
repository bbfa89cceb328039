/**
 * A folder of photos as an endless row of batches.
 *
 * @module
 */

import type { DatasetOptions, Skipped } from "./options.ts";

/** Photos of one training step. */
export interface Batch {
  /** The step they belong to. */
  readonly step: number;
  /** Shape [B, 64, 64, 3], uint8, over shared memory; valid until {@linkcode release}. */
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  /** Hands the memory back for a later batch; may be called twice. */
  release(): void;
}

/** Counters of a dataset. */
export interface DatasetStats {
  /** Photos decoded from their files. */
  readonly decoded: number;
  /** Photos found in the disk cache. */
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
  /** Steps after which every photo has been seen once, rounded up. */
  readonly stepsPerEpoch: number;
  /** Files that cannot be used, in the order of their paths. */
  readonly skipped: readonly Skipped[];
  /** Counters. */
  readonly stats: DatasetStats;
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
  /** Ends the workers; pending batches reject. */
  close(): Promise<void>;
}

/**
 * Opens photos for training: lists them, decodes what is not cached yet and starts the workers.
 *
 * @throws {UserError} If a folder is missing or holds no usable picture, or an option is out of
 * range.
 */
export declare function openDataset(options?: DatasetOptions): Promise<Dataset>;
