/**
 * `--quiet`: warnings only.
 *
 * @module
 */

import { printable } from "../printable.ts";
import type { Output, Reporter } from "./reporter.ts";

/** Writes warnings and nothing else. */
export class QuietReporter implements Reporter {
  readonly #output: Output;

  /** Writes to an output. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** See {@linkcode Reporter.event}. */
  event(): void {}
  /** See {@linkcode Reporter.work}. */
  work(): void {}
  /** See {@linkcode Reporter.training}. */
  training(): void {}
  /** See {@linkcode Reporter.warning}. */
  warning(message: string): void {
    this.#output.writeError(`warning: ${printable(message)}\n`);
  }
  /** See {@linkcode Reporter.close}. */
  close(): void {}
}
