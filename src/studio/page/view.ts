/**
 * What the page's views share.
 *
 * @module
 */

import type { Checkpoint, Gpu } from "../../../browser.ts";
import type { RunEntry } from "../run_entry.ts";
import type { Words } from "./words.ts";

/** What a view works with. */
export interface Page {
  /** The words of the reader's language. */
  readonly words: Words;
  /** The GPU, opened when first asked for; undefined where there is none. */
  gpu(): Promise<Gpu | undefined>;
  /** The runs on the server; undefined where the page is plain files. */
  runs(): Promise<readonly RunEntry[] | undefined>;
  /** Shows a checkpoint in the view that draws. */
  drawWith(checkpoint: Checkpoint): void;
}

/** A view. */
export interface View {
  /** What it shows. */
  readonly element: HTMLElement;
  /** Ends what it does, for good. */
  close(): void;
}
