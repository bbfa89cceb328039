/**
 * metrics.jsonl: one JSON object a step.
 *
 * @module
 */

import { explainWriteError, writeFileAtomic } from "../files/atomic.ts";
import { UserError } from "../errors.ts";
import { whyUnreadable } from "../files/read_error.ts";
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

/**
 * Follows a metrics file that grows: each look reads only what was added. A file that was replaced,
 * as a resumed run does, or became shorter is read anew.
 */
export class MetricsReader {
  readonly #path: string;
  readonly #metrics: StepMetrics[] = [];
  #file: number | null = null;
  #offset = 0;
  /** Looks are taken one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** A reader that has read nothing; the file need not exist yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /** The metrics of all whole lines so far; the list grows with later looks. */
  read(): Promise<readonly StepMetrics[]> {
    const look = this.#last.then(() => this.#read());
    this.#last = look.catch(() => {});
    return look;
  }

  async #read(): Promise<readonly StepMetrics[]> {
    let file: Deno.FsFile;
    try {
      file = await Deno.open(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      this.#forget(null);
      return this.#metrics;
    }
    try {
      const { ino, size } = await file.stat();
      if (ino !== this.#file || size < this.#offset) this.#forget(ino);
      await file.seek(this.#offset, Deno.SeekMode.Start);
      const added = new Uint8Array(size - this.#offset);
      let length = 0;
      while (length < added.length) {
        const count = await file.read(added.subarray(length));
        if (count === null) break; // it became shorter since
        length += count;
      }
      // The last line may be half written: it is read again when it is whole.
      const end = added.subarray(0, length).lastIndexOf(10) + 1;
      const { metrics } = parseLines(new TextDecoder().decode(added.subarray(0, end)));
      for (const step of metrics) this.#metrics.push(step);
      this.#offset += end;
      return this.#metrics;
    } finally {
      file.close();
    }
  }

  #forget(file: number | null): void {
    this.#file = file;
    this.#offset = 0;
    this.#metrics.length = 0;
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
    throw new UserError(`${path} cannot be read: ${whyUnreadable(error)}`);
  });
  return parseLines(text);
}

function parseLines(text: string): { metrics: StepMetrics[]; broken: number } {
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
    // Without a null to replace it is four times as fast, and files of a million lines are no rarity.
    const step = line.includes("null")
      ? JSON.parse(line, (_, value) => value === null ? NaN : value)
      : JSON.parse(line);
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
