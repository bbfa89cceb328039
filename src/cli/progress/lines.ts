/**
 * Progress where the output is no terminal: a plain line every few seconds.
 *
 * @module
 */

import type { Progress } from "../../data/mod.ts";
import { printable } from "../printable.ts";
import { formatMetrics, formatPace, formatWaits, formatWork } from "./format.ts";
import type { Output, Reporter, RunEvent, TrainingProgress } from "./reporter.ts";

const PACE = 5000;

/** Writes plain lines. */
export class LineReporter implements Reporter {
  readonly #output: Output;
  #last = -Infinity;

  /** Writes to an output. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** See {@linkcode Reporter.event}. */
  event(kind: RunEvent, message: string): void {
    if (kind !== "sample") this.#output.write(`${message}\n`); // samples come every few seconds
  }

  /** See {@linkcode Reporter.warning}. */
  warning(message: string): void {
    this.#output.writeError(`warning: ${printable(message)}\n`);
  }

  /** See {@linkcode Reporter.work}. */
  work(progress: Progress): void {
    const isDone = progress.total > 0 && progress.done >= progress.total;
    if (!isDone && !this.#isDue()) return;
    this.#output.write(`${formatWork(progress)}\n`);
  }

  /** See {@linkcode Reporter.training}. */
  training(progress: TrainingProgress): void {
    const { step, steps, epoch } = progress;
    if (step < steps && !this.#isDue()) return;
    this.#output.write(
      `step ${step} of ${steps}, epoch ${epoch.toFixed(1)}: ${formatMetrics(progress)}; ` +
        `${formatPace(progress)}; ${formatWaits(progress)}\n`,
    );
  }

  /** See {@linkcode Reporter.close}. */
  close(): void {}

  #isDue(): boolean {
    const now = this.#output.now();
    if (now - this.#last < PACE) return false;
    this.#last = now;
    return true;
  }
}
