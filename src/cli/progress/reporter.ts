/**
 * Telling people, or programs, how a run goes.
 *
 * @module
 */

import type { Progress } from "../../data/mod.ts";
import type { TrainingProgress } from "../../train/progress.ts";

export type { TrainingProgress };

/** Something that happened once. */
export type RunEvent = "start" | "sample" | "checkpoint" | "evaluation" | "interrupted" | "done";

/** Shows how a run goes. */
export interface Reporter {
  /** Something happened; `data` is for programs. */
  event(kind: RunEvent, message: string, data?: Readonly<Record<string, unknown>>): void;
  /** Long work before training: drawing, decoding. */
  work(progress: Progress): void;
  /** Training goes on. */
  training(progress: TrainingProgress): void;
  /** Something is wrong. */
  warning(message: string): void;
  /** Ends the display. */
  close(): void;
}

/** Where a reporter writes. */
export interface Output {
  /** Writes lines of text; what a terminal would act on is escaped. */
  write(text: string): void;
  /** Writes lines beside the output proper; escaped as well. */
  writeError(text: string): void;
  /** Writes our own colours and movements of the cursor, and within them only what is escaped. */
  writeStyled(text: string): void;
  /** The terminal's width now; undefined where the output is no terminal. */
  columns(): number | undefined;
  /** Whether colours are welcome. */
  readonly color: boolean;
  /** Milliseconds, for the pace of lines. */
  now(): number;
}
