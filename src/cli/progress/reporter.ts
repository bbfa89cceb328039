/**
 * Telling people, or programs, how a run goes.
 *
 * @module
 */

import type { Progress } from "../../data/mod.ts";
import type { StepMetrics } from "../../train/metrics.ts";

/** How far training has come. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  /** Steps to do in all. */
  readonly steps: number;
  /** How often every photo has been seen. */
  readonly epoch: number;
  /** Steps a second, lately. */
  readonly stepsPerSecond: number;
  /** Photos a second, lately. */
  readonly imagesPerSecond: number;
  /** Estimated seconds that are left; Infinity before there is a rate. */
  readonly secondsLeft: number;
  /** The five metrics, smoothed. */
  readonly metrics: Omit<StepMetrics, "step">;
  /** Share of the time in which the GPU had no photos to work on. */
  readonly waitingForPhotos: number;
  /** Share of the time in which the program had only the GPU to wait for. */
  readonly waitingForGpu: number;
}

/** Something that happened once. */
export type RunEvent = "start" | "sample" | "checkpoint" | "interrupted" | "done";

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
  /** Writes text as it is. */
  write(text: string): void;
  /** Writes a warning as it is. */
  writeError(text: string): void;
  /** The terminal's width now; undefined where the output is no terminal. */
  columns(): number | undefined;
  /** Whether colours are welcome. */
  readonly color: boolean;
  /** Milliseconds, for the pace of lines. */
  now(): number;
}
