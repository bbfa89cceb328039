/**
 * What server and page tell each other.
 *
 * @module
 */

/** A run as the page lists it. */
export interface RunEntry {
  /** The number by which it is asked for; it stays while the server runs. */
  readonly id: number;
  /** Its folder. */
  readonly name: string;
  /** Its settings. */
  readonly train: Record<string, unknown>;
  /** When it was begun and resumed: a resumed run may have gone back a few steps. */
  readonly sessions: readonly string[];
  /** The steps of which there are sample grids. */
  readonly samples: readonly number[];
  /** The steps of which there are checkpoints. */
  readonly checkpoints: readonly number[];
}
