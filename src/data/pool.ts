/**
 * The worker threads, and the watch over them: one that crashes or hangs is replaced and its job
 * freed for another try.
 *
 * @module
 */

import { JobBoard, MAX_WORKERS } from "./job_board.ts";
import type { ProgressMeter } from "./progress.ts";
import type { Phase, Report, StartMessage } from "./worker_loop.ts";

/** A thread at its place in the pool. */
interface Thread {
  readonly number: number;
  readonly worker: Worker;
  /** Set when it has died before its error was dealt with. */
  failure?: string;
  /** Whether it has ended its phase. */
  idle: boolean;
}

/** Called when a job was lost with its worker; true gives it another try. */
export type OnLost = (index: number, attempt: number, why: string) => boolean;

/** Counters of a finished phase. */
export interface PhaseCounts {
  /** Photos decoded from their files. */
  decoded: number;
  /** Photos read from the disk cache. */
  cached: number;
}

/** How often a job that took its worker along is tried again. */
const RETRIES = 1;
/** How often the watch looks after the workers while something is awaited. */
export const WATCH_MS = 100;
/** Deaths in a row without a job in hand that show the worker program itself to be broken. */
const MAX_IDLE_DEATHS = 3;
/** How long a worker may take to leave before it is ended by force. */
const GRACE_MS = 1000;
/** The same where no worker has a job any more: only a busy machine takes long. */
const IDLE_GRACE_MS = 10_000;
/** How long what a worker has sent may take to arrive. */
const REPORTS_GRACE_MS = 60_000;

/** The module that workers run. */
export const IMAGE_WORKER: URL = new URL("../../workers/image_worker.ts", import.meta.url);

/** Makes a pool for the duration of `use`. */
export async function withPool<T>(
  url: URL,
  count: number,
  timeout: number,
  use: (pool: WorkerPool) => Promise<T>,
): Promise<T> {
  const pool = new WorkerPool(url, count, timeout);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

/** Threads that work on one phase after the other. */
export class WorkerPool {
  /** Workers replaced so far. */
  replaced = 0;
  readonly #url: URL;
  readonly #timeout: number;
  readonly #threads: (Thread | undefined)[];
  /** Workers given up in this phase, by number: they may go on for a while (job_board.ts). */
  readonly #givenUp = new Set<number>();
  /** Those of them that are still to be ended. */
  readonly #leaving: Worker[] = [];
  /** Reports that came in this phase. */
  #reports = 0;
  #counts: PhaseCounts = { decoded: 0, cached: 0 };
  #next = 1;
  #idleDeaths = 0;
  #phase: { board: JobBoard; phase: Phase; onReport: (report: Report) => void } | undefined;

  /** A pool of `count` workers running the module at `url`; none is started yet. */
  constructor(url: URL, count: number, timeout: number) {
    this.#url = url;
    this.#timeout = timeout;
    this.#threads = new Array(Math.min(count, MAX_WORKERS)).fill(undefined);
  }

  /** Starts a phase on all workers. */
  start(board: JobBoard, phase: Phase, onReport: (report: Report) => void): void {
    this.#phase = { board, phase, onReport };
    this.#counts = { decoded: 0, cached: 0 };
    this.#reports = 0;
    for (let place = 0; place < this.#threads.length; place++) {
      this.#threads[place] ??= this.#spawn();
      this.#send(this.#threads[place]!, place);
    }
  }

  /**
   * Runs a phase of `count` jobs to its end.
   *
   * @param onSkipped Called with a job that cannot be done, and why.
   * @param onFlawed Called with a job whose photo has a flaw, and which.
   * @param onUncached Called by each worker that cannot write to the cache.
   */
  async runAll(
    count: number,
    phase: Phase,
    meter: ProgressMeter,
    onSkipped: (index: number, reason: string) => void,
    onFlawed: (index: number, reason: string) => void = () => {},
    onUncached: (why: string) => void = () => {},
  ): Promise<PhaseCounts> {
    const board = JobBoard.create(count);
    for (let index = 0; index < count; index++) board.open(index);
    this.start(board, phase, (report) => {
      if (report.kind === "skipped") onSkipped(report.index, report.reason);
      if (report.kind === "flawed") onFlawed(report.index, report.reason);
      if (report.kind === "uncached") onUncached(report.reason);
    });
    const onLost: OnLost = (index, attempt, why) => {
      const again = attempt < RETRIES;
      if (!again) onSkipped(index, `it stopped the decoder ${attempt + 1} times: ${why}`);
      return again;
    };
    while (!board.allClosed()) {
      this.watch(onLost);
      meter.update(board.closed, count);
      await board.waitForClosed(board.closed, WATCH_MS);
    }
    meter.update(count, count);
    return await this.finish(IDLE_GRACE_MS);
  }

  /**
   * Replaces workers that crashed, or have been at one job for too long.
   *
   * @throws {Error} If workers die before they take any work.
   */
  watch(onLost: OnLost): void {
    for (const [place, thread] of this.#threads.entries()) {
      if (!thread || !this.#phase) continue;
      const { board } = this.#phase;
      const stuck = board.busyFor(place) > this.#timeout;
      if (!thread.failure && !stuck) continue;
      const why = thread.failure ?? `it took longer than ${this.#timeout / 1000} s`;
      const lost = this.#takeAway(new Set([thread.number]), onLost, why);
      // It has just handed its job over: it is not stuck.
      if (lost === 0 && !thread.failure) continue;
      if (lost === 0 && ++this.#idleDeaths >= MAX_IDLE_DEATHS) {
        throw new Error(`the image workers cannot run: ${why}`);
      }
      if (lost > 0) this.#idleDeaths = 0;
      board.bury(thread.number, place);
      this.#givenUp.add(thread.number);
      this.#leaving.push(thread.worker);
      this.replaced++;
      this.#threads[place] = this.#spawn();
      this.#send(this.#threads[place]!, place);
    }
    if (this.#phase && this.#givenUp.size > 0) {
      // One that was stopped on its way into a job holds it, and may hold the lock.
      this.#takeAway(this.#givenUp, onLost, "its worker was given up");
      this.#phase.board.unlock(this.#givenUp);
      this.#endLeaving();
    }
  }

  /** Ends workers that were given up, but not before what they had sent until then is in. */
  #endLeaving(): void {
    if (this.#phase!.board.reports !== this.#reports) return;
    for (const worker of this.#leaving.splice(0)) worker.terminate();
  }

  /** Takes all jobs from workers; how many there were. */
  #takeAway(workers: { has(worker: number): boolean }, onLost: OnLost, why: string): number {
    const { board } = this.#phase!;
    const lost = board.jobsOf(workers).filter((job) => board.revoke(job));
    for (const job of lost) board.release(job, onLost(job.index, job.attempt, why));
    return lost.length;
  }

  /**
   * Ends the phase: every worker leaves its loop, or is ended by force. Resolves to its counters once
   * all reports of closed jobs are in.
   *
   * @throws {Error} If reports are lost.
   */
  async finish(grace = GRACE_MS): Promise<PhaseCounts> {
    const phase = this.#phase;
    if (!phase) return this.#counts;
    const { board } = phase;
    board.stop();
    const started = performance.now();
    for (;;) {
      const working = this.#threads.some((thread) => thread && !thread.idle && !thread.failure);
      const missing = board.reports - this.#reports;
      if (!working && missing === 0) break;
      const waited = performance.now() - started;
      if (missing === 0 && waited > grace) break;
      // Sent messages arrive, if late on a busy machine.
      if (waited > REPORTS_GRACE_MS) {
        throw new Error(`${missing} reports of image workers are lost`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    this.#endLeaving();
    this.#givenUp.clear();
    this.#phase = undefined;
    for (const [place, thread] of this.#threads.entries()) {
      if (thread && (!thread.idle || thread.failure)) {
        board.bury(thread.number, place);
        thread.worker.terminate();
        this.#threads[place] = undefined;
      }
    }
    return this.#counts;
  }

  /** Ends all workers. */
  async close(): Promise<void> {
    try {
      await this.finish();
    } finally {
      for (const worker of this.#leaving.splice(0)) worker.terminate();
      for (const thread of this.#threads) thread?.worker.terminate();
      this.#threads.fill(undefined);
    }
  }

  #spawn(): Thread {
    const worker = new Worker(this.#url, { type: "module" });
    const thread: Thread = { number: this.#next++, worker, idle: true };
    worker.onerror = (event) => {
      event.preventDefault(); // it is dealt with by the watch, not by ending the program
      thread.failure = event.message;
    };
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.kind === "idle") {
        if (!this.#threads.includes(thread)) return; // it was ended by force before
        thread.idle = true;
        this.#counts.decoded += data.decoded;
        this.#counts.cached += data.cached;
      } else if (this.#phase) {
        // Also one of a worker given up since: it speaks of jobs that it had handed over.
        this.#reports++;
        this.#phase.onReport(data);
      }
    };
    return thread;
  }

  #send(thread: Thread, place: number): void {
    const { board, phase } = this.#phase!;
    const message: StartMessage = { worker: thread.number, place, board: board.words, phase };
    thread.idle = false;
    board.seat(thread.number, place);
    thread.worker.postMessage(message);
  }
}
