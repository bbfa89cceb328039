/**
 * metrics.jsonl: one JSON object a step.
 *
 * @module
 */

import { explainWriteError, writeFileAtomic } from "../files/atomic.ts";
import type { StepMetrics } from "../train/metrics.ts";

/** Adds lines to a metrics file. */
export class MetricsLog {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Opens a file to go on at a step: lines from that step on, and a last line that a crash cut
   * short, are dropped, so that a resumed run leaves the file of one that never stopped.
   */
  static async open(path: string, step: number): Promise<MetricsLog> {
    const kept = (await readMetrics(path)).filter((metrics) => metrics.step < step);
    await writeFileAtomic(path, toLines(kept));
    return new MetricsLog(path);
  }

  /**
   * Adds the metrics of some steps.
   *
   * @throws {UserError} If the disk is full.
   */
  async append(metrics: readonly StepMetrics[]): Promise<void> {
    await Deno.writeTextFile(this.#path, toLines(metrics), { append: true }).catch((error) => {
      throw explainWriteError(this.#path, error);
    });
  }
}

/** Reads a metrics file up to its first line that is not whole; a missing one is empty. */
export async function readMetrics(path: string): Promise<StepMetrics[]> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const all: StepMetrics[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      all.push(fromLine(line));
    } catch {
      break;
    }
  }
  return all;
}

/** JSON has no NaN: a number that is not finite is written as null and read as NaN. */
function fromLine(line: string): StepMetrics {
  return JSON.parse(line, (_, value) => value === null ? NaN : value);
}

function toLines(metrics: readonly StepMetrics[]): string {
  return metrics.map((step) => `${JSON.stringify(step)}\n`).join("");
}
