/**
 * What server and page tell each other.
 *
 * @module
 */

/** A run as the page lists it. */
export interface RunEntry {
  /** Its place in the list, by which it is asked for. */
  readonly id: number;
  /** Its folder. */
  readonly name: string;
  /** Its settings. */
  readonly train: Record<string, unknown>;
  /** The steps of which there are sample grids. */
  readonly samples: readonly number[];
  /** The steps of which there are checkpoints. */
  readonly checkpoints: readonly number[];
}
