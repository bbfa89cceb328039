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
   * short, are dropped, so that a resumed run leaves the file of one that never stopped. `warn` takes
   * a line if others cannot be read; the rest stays.
   */
  static async open(
    path: string,
    step: number,
    warn: (line: string) => void = () => {},
  ): Promise<MetricsLog> {
    const { metrics, broken } = await readLines(path);
    const kept = metrics.filter((metrics) => metrics.step < step);
    if (broken > 0) {
      warn(`${path}: ${broken} damaged ${broken === 1 ? "line is" : "lines are"} left out`);
    }
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

/** Reads a metrics file; lines that are damaged are left out, and a missing file is empty. */
export async function readMetrics(path: string): Promise<StepMetrics[]> {
  return (await readLines(path)).metrics;
}

/** The lines of a metrics file, and how many are damaged beside a last one that was cut short. */
async function readLines(path: string): Promise<{ metrics: StepMetrics[]; broken: number }> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const metrics: StepMetrics[] = [];
  let broken = 0;
  const lines = text.split("\n");
  for (const [i, line] of lines.entries()) {
    if (line === "") continue;
    const step = fromLine(line);
    if (step) metrics.push(step);
    else if (i < lines.length - 1) broken++;
  }
  return { metrics, broken };
}

const LOSSES_AND_SCORES = ["errD", "errG", "D_x", "D_G_z1", "D_G_z2"] as const;

/**
 * The metrics of a line; undefined where it is damaged. JSON has no NaN: a number that is not finite is
 * written as null and read as NaN.
 */
function fromLine(line: string): StepMetrics | undefined {
  try {
    const step = JSON.parse(line, (_, value) => value === null ? NaN : value);
    const whole = Number.isSafeInteger(step.step) && step.step >= 0 &&
      LOSSES_AND_SCORES.every((name) => typeof step[name] === "number");
    return whole ? step : undefined;
  } catch {
    return undefined;
  }
}

function toLines(metrics: readonly StepMetrics[]): string {
  return metrics.map((step) => `${JSON.stringify(step)}\n`).join("");
}
