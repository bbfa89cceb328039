/**
 * Rates and estimates for work that takes a while.
 *
 * @module
 */

import type { Progress } from "./options.ts";

/** Reports are at least this far apart. */
const REPORT_MS = 100;
/** The rate is that of about the last this many milliseconds. */
const WINDOW_MS = 3000;

/** Turns counts into {@linkcode Progress} reports. */
export class ProgressMeter {
  readonly #what: string;
  readonly #unit: Progress["unit"];
  readonly #report: (progress: Progress) => void;
  readonly #marks: { time: number; done: number }[] = [];
  #reported = -Infinity;

  /** A meter that starts now, at `done` units. */
  constructor(
    what: string,
    unit: Progress["unit"],
    report: (progress: Progress) => void,
    done = 0,
  ) {
    this.#what = what;
    this.#unit = unit;
    this.#report = report;
    this.#marks.push({ time: performance.now(), done });
  }

  /** Reports how far the work has come, unless it has just done so; `total` 0 is unknown. */
  update(done: number, total: number): void {
    const time = performance.now();
    if (time - this.#reported < REPORT_MS && done !== total) return;
    this.#reported = time;
    this.#marks.push({ time, done });
    while (this.#marks.length > 2 && time - this.#marks[1].time > WINDOW_MS) this.#marks.shift();
    const [first] = this.#marks;
    const rate = (done - first.done) / Math.max(1e-3, (time - first.time) / 1000);
    const eta = total > 0 && rate > 0 ? (total - done) / rate : Infinity;
    this.#report({ what: this.#what, done, total, unit: this.#unit, rate, eta });
  }
}
