/**
 * A list of jobs in shared memory that worker threads take work from by themselves.
 *
 * Each job is one 32-bit cell. A worker takes a job by a single compare-and-exchange that writes
 * its own number into the cell, so at any moment the board says exactly who works on what: when a
 * worker dies, its jobs are found and freed again. No message passes through the main thread's
 * event loop, which a GPU read-back may block for milliseconds.
 *
 *     0        closed: done, given up or not open yet
 *     -1 - a   free, to be tried for the a-th time again
 *     > 0      taken: (a + 1) * 2^20 + the worker's number
 *
 * @module
 */

/** Words at the front. */
const STOP = 0;
/** Counts the moments at which sleeping workers should look again. */
const WAKE = 1;
/** Where to start looking for a free job: saves time, decides nothing. */
const HINT = 2;
/** Jobs closed by workers or given up, ever. */
const CLOSED = 3;
/** The worker that holds the lock on large pictures; 0 if none does. */
const LOCK = 4;
const HEADER = 8;
/** Where the words for when each place's job began start. */
export const CLOCKS = HEADER;
/** Places for workers at work at the same time; each has a word for when its job began. */
export const MAX_WORKERS = 256;

const ATTEMPT = 2 ** 20;
/** Atomics.wait outlasts `Worker.terminate()`, so no sleep is longer than this. */
const NAP_MS = 250;

/** A job that a worker has taken. */
export interface Job {
  /** Its index. */
  readonly index: number;
  /** How often it was tried before. */
  readonly attempt: number;
}

/** The board, as each thread sees it over the same memory. */
export class JobBoard {
  /** The memory, to be sent to other threads. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** How many jobs there are. */
  readonly count: number;

  /** Lays a board over memory that another thread made. */
  constructor(words: Int32Array<SharedArrayBuffer>) {
    this.words = words;
    this.count = words.length - HEADER - MAX_WORKERS;
  }

  /** A board of jobs that are all closed. */
  static create(count: number): JobBoard {
    const bytes = 4 * (HEADER + MAX_WORKERS + count);
    return new JobBoard(new Int32Array(new SharedArrayBuffer(bytes)));
  }

  // ---- For workers.

  /** Takes a free job; undefined if none is. `place` is this worker's place below MAX_WORKERS. */
  take(worker: number, place: number): Job | undefined {
    const { words, count } = this;
    const start = Atomics.load(words, HINT);
    for (let i = 0; i < count; i++) {
      const index = (start + i) % count;
      const cell = this.#cell(index);
      const value = Atomics.load(words, cell);
      if (value >= 0) continue;
      const attempt = -1 - value;
      // The clock starts before the job is taken: a taken job always has a running clock.
      Atomics.store(words, CLOCKS + place, clock());
      const taken = (attempt + 1) * ATTEMPT + worker;
      if (Atomics.compareExchange(words, cell, value, taken) === value) {
        Atomics.store(words, HINT, (index + 1) % count);
        return { index, attempt };
      }
    }
    Atomics.store(words, CLOCKS + place, 0);
    return undefined;
  }

  /** Closes a job that is done; false if it was taken away from this worker in the meantime. */
  finish(worker: number, { index, attempt }: Job): boolean {
    const taken = (attempt + 1) * ATTEMPT + worker;
    if (Atomics.compareExchange(this.words, this.#cell(index), taken, 0) !== taken) return false;
    this.#countClosed();
    return true;
  }

  /** Sleeps until there may be work again; false if the work is over. */
  sleep(): boolean {
    if (this.stopped) return false;
    const seen = Atomics.load(this.words, WAKE);
    // Look once more: a job may have been freed before `seen` was read.
    for (let i = 0; i < this.count; i++) {
      if (Atomics.load(this.words, this.#cell(i)) < 0) return true;
    }
    Atomics.wait(this.words, WAKE, seen, NAP_MS);
    return !this.stopped;
  }

  /** Runs `work` while no other worker does: large pictures are decoded one at a time. */
  exclusive<T>(worker: number, place: number, work: () => T): T {
    while (Atomics.compareExchange(this.words, LOCK, 0, worker) !== 0) {
      Atomics.wait(this.words, LOCK, Atomics.load(this.words, LOCK), NAP_MS);
      // Waiting for one's turn is not being stuck.
      Atomics.store(this.words, CLOCKS + place, clock());
    }
    try {
      return work();
    } finally {
      Atomics.compareExchange(this.words, LOCK, worker, 0);
      Atomics.notify(this.words, LOCK, 1);
    }
  }

  // ---- For the thread that hands out the work.

  /** Opens a closed job. */
  open(index: number): void {
    Atomics.store(this.words, this.#cell(index), -1);
  }

  /** Withdraws a job that nobody has taken; false if somebody has, or it is closed. */
  withdraw(index: number): boolean {
    const value = Atomics.load(this.words, this.#cell(index));
    return value < 0 &&
      Atomics.compareExchange(this.words, this.#cell(index), value, 0) === value;
  }

  /** Lets the workers look from a job on. */
  wake(from?: number): void {
    if (from !== undefined) Atomics.store(this.words, HINT, from);
    Atomics.add(this.words, WAKE, 1);
    Atomics.notify(this.words, WAKE);
  }

  /** Tells the workers to leave. */
  stop(): void {
    Atomics.store(this.words, STOP, 1);
    this.wake();
  }

  /** Whether the workers were told to leave. */
  get stopped(): boolean {
    return Atomics.load(this.words, STOP) === 1;
  }

  /** Whether no job from `from` to `to` is free or taken. */
  allClosed(from = 0, to: number = this.count): boolean {
    for (let i = from; i < to; i++) if (Atomics.load(this.words, this.#cell(i)) !== 0) return false;
    return true;
  }

  /** Jobs closed so far; a job that was opened again counts again. */
  get closed(): number {
    return Atomics.load(this.words, CLOSED);
  }

  /** Resolves when a job is closed after `seen` were, or after some time. */
  async waitForClosed(seen: number, milliseconds: number): Promise<void> {
    await waitShared(this.words, CLOSED, seen, milliseconds);
  }

  /** The jobs that a worker has taken. */
  jobsOf(worker: number): Job[] {
    const jobs: Job[] = [];
    for (let index = 0; index < this.count; index++) {
      const value = Atomics.load(this.words, this.#cell(index));
      if (value > 0 && value % ATTEMPT === worker) {
        jobs.push({ index, attempt: Math.floor(value / ATTEMPT) - 1 });
      }
    }
    return jobs;
  }

  /** Takes a job away from a dead worker: frees it for another try, or closes it. */
  release(worker: number, { index, attempt }: Job, again: boolean): void {
    const taken = (attempt + 1) * ATTEMPT + worker;
    const next = again ? -2 - attempt : 0;
    if (Atomics.compareExchange(this.words, this.#cell(index), taken, next) !== taken) return;
    if (again) this.wake(index);
    else this.#countClosed();
  }

  /** Milliseconds that the worker at a place has been at its job; 0 if it has none. */
  busyFor(place: number): number {
    const since = Atomics.load(this.words, CLOCKS + place);
    return since === 0 ? 0 : Math.max(0, clock() - since);
  }

  /** Clears what a dead worker left behind, but for its jobs. */
  bury(worker: number, place: number): void {
    Atomics.store(this.words, CLOCKS + place, 0);
    Atomics.compareExchange(this.words, LOCK, worker, 0);
    Atomics.notify(this.words, LOCK, 1);
  }

  #countClosed(): void {
    Atomics.add(this.words, CLOSED, 1);
    Atomics.notify(this.words, CLOSED);
  }

  #cell(index: number): number {
    return HEADER + MAX_WORKERS + index;
  }
}

/** Milliseconds on a clock that all threads share, as a positive 31-bit integer. */
function clock(): number {
  return 1 + (Date.now() & 0x3fffffff);
}

/** Resolves when another thread wakes a word of shared memory, at once if it is not `seen`, or after some time. */
export async function waitShared(
  words: Int32Array<SharedArrayBuffer>,
  index: number,
  seen: number,
  milliseconds: number,
): Promise<void> {
  // A pending waitAsync does not keep the program alive; a timer does.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds));
  await Promise.race([Atomics.waitAsync(words, index, seen, milliseconds).value, late]);
  clearTimeout(timer);
}
