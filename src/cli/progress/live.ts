/**
 * Progress on a terminal: one block of lines that is drawn over and over in its place.
 *
 * @module
 */

import type { Progress } from "../../data/mod.ts";
import { printable, printableLines } from "../printable.ts";
import { bar, formatMetrics, formatPace, formatWaits, formatWork } from "./format.ts";
import type { Output, Reporter, RunEvent, TrainingProgress } from "./reporter.ts";

/** Draws a live block; messages scroll away above it. */
export class LiveReporter implements Reporter {
  readonly #output: Output;
  #block: string[] = [];
  /** Lines on the screen that the block takes: more than it has where the terminal is narrow. */
  #rows = 0;
  #lastWork = 0;

  /** Draws on a terminal. */
  constructor(output: Output) {
    this.#output = output;
  }

  /** See {@linkcode Reporter.event}. */
  event(kind: RunEvent, text: string): void {
    const message = printableLines(text);
    // Samples and checkpoints come often: the block shows the latest instead.
    if (kind === "sample" || kind === "checkpoint") return this.#replaceLast(message);
    if (kind !== "start") this.#block = []; // the end stands below the last block
    this.#above(message);
  }

  /** See {@linkcode Reporter.warning}. */
  warning(message: string): void {
    this.#above(this.#paint("33", `warning: ${printable(message)}`));
  }

  /** See {@linkcode Reporter.work}. */
  work(progress: Progress): void {
    const { done, total } = progress;
    const now = this.#output.now();
    if (done < total && now - this.#lastWork < 100) return;
    this.#lastWork = now;
    const share = total > 0 ? `${bar(done / total, 24)} ` : "";
    const line = share + formatWork(progress);
    // At the end of a run the last numbers stay in sight above it.
    if (this.#block.length === 5) return this.#draw([...this.#block.slice(0, 4), line]);
    this.#draw([line]);
    if (done >= total && total > 0) this.#block = []; // stays on the screen
  }

  /** See {@linkcode Reporter.training}. */
  training(progress: TrainingProgress): void {
    const { step, steps, epoch } = progress;
    const percent = `${Math.floor(100 * step / Math.max(1, steps))}%`;
    this.#draw([
      `${bar(step / Math.max(1, steps), 24)} ${percent}  ` +
      this.#paint("1", `step ${step} of ${steps}`) + `  epoch ${epoch.toFixed(1)}`,
      formatPace(progress),
      formatMetrics(progress),
      this.#paint("2", formatWaits(progress)),
      this.#block[4] ?? "",
    ]);
  }

  /** See {@linkcode Reporter.close}. */
  close(): void {
    this.#block = [];
  }

  #replaceLast(message: string): void {
    if (this.#block.length === 5) {
      this.#draw([...this.#block.slice(0, 4), this.#paint("2", message)]);
    } else {
      this.#above(message);
    }
  }

  #above(message: string): void {
    const block = this.#block;
    this.#erase();
    this.#output.writeStyled(`${message}\n`);
    this.#block = [];
    if (block.length > 0) this.#draw(block);
  }

  #draw(lines: readonly string[]): void {
    this.#erase();
    const width = this.#output.columns() ?? 80;
    const rows = lines.flatMap((line) => fold(line, width - 1));
    this.#output.writeStyled(rows.map((row) => `${row}\n`).join(""));
    this.#block = [...lines];
    this.#rows = rows.length;
  }

  #erase(): void {
    if (this.#block.length > 0) this.#output.writeStyled(`\x1b[${this.#rows}A\x1b[J`);
  }

  #paint(code: string, text: string): string {
    return this.#output.color ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

/** Breaks a line between words so that all of it is seen; a word too long for the width is cut. */
export function fold(line: string, width: number): string[] {
  // deno-lint-ignore no-control-regex
  const room = (text: string): number => [...text.replace(/\x1b\[[0-9;]*m/g, "")].length;
  if (room(line) <= width) return [line];
  const rows = [""];
  for (const [, space, word] of line.matchAll(/( *)([^ ]+)/g)) {
    const longer = rows.at(-1)! + space + word;
    if (room(longer) <= width || rows.at(-1) === "") rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows.map((row) => clip(row, width));
}

/** Cuts a line to a width: one that wraps would make the next erase miss. */
export function clip(line: string, width: number): string {
  let left = width;
  // Colour codes take no room; after the cut they still count, so that colours end.
  // deno-lint-ignore no-control-regex
  return line.replace(/\x1b\[[0-9;]*m|[^\x1b]/gu, (piece) => {
    if (piece.startsWith("\x1b")) return piece;
    return left-- > 0 ? piece : "";
  });
}
