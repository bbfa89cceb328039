/**
 * Progress for programs: one JSON object a line.
 *
 * @module
 */

import type { Progress } from "../../data/mod.ts";
import type { Output, Reporter, RunEvent, TrainingProgress } from "./reporter.ts";

const PACE = 1000;

/** Writes JSON lines: each has `event`, the rest depends on it. */
export class JsonReporter implements Reporter {
  readonly #output: Output;
  #last = -Infinity;

  /** Writes to an output. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** See {@linkcode Reporter.event}. */
  event(kind: RunEvent, message: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.#write({ event: kind, message, ...data });
  }

  /** See {@linkcode Reporter.warning}. */
  warning(message: string): void {
    this.#write({ event: "warning", message });
  }

  /** See {@linkcode Reporter.work}. */
  work(progress: Progress): void {
    if (progress.done >= progress.total || this.#isDue()) {
      this.#write({ event: "work", ...progress });
    }
  }

  /** See {@linkcode Reporter.training}. */
  training({ metrics, ...progress }: TrainingProgress): void {
    if (progress.step >= progress.steps || this.#isDue()) {
      this.#write({ event: "progress", ...progress, ...metrics });
    }
  }

  /** See {@linkcode Reporter.close}. */
  close(): void {}

  #isDue(): boolean {
    const now = this.#output.now();
    if (now - this.#last < PACE) return false;
    this.#last = now;
    return true;
  }

  #write(line: Record<string, unknown>): void {
    this.#output.write(`${JSON.stringify(line)}\n`);
  }
}
