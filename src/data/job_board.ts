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
 *     > 0      taken: (a + 1) * 2^20 + the worker's number; + 2^19 while what came of it is handed over
 *
 * `Worker.terminate()` does not stop a thread that loops (Deno 2.9), so a worker that was given up may
 * come back at any time. Each place therefore has one 64-bit word, the worker that sits there and when
 * its job began: once another sits there, or nobody, the one before takes no job and stops no clock.
 * What came of a job is handed over only under a mark that neither side can set once the other has
 * taken the job: a job is taken away, or handed over, never both.
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
/** Reports sent by workers of jobs they had closed by themselves, ever. */
const REPORTS = 5;
/** An even number: the places' words have 64 bits. */
const HEADER = 8;
/** The word that says when the job of place p began is `CLOCKS + 2 p`; the next one is its worker. */
export const CLOCKS = HEADER;
/** Places for workers at work at the same time; each has its own clock. */
export const MAX_WORKERS = 256;
const CELLS = CLOCKS + 2 * MAX_WORKERS;

const ATTEMPT = 2 ** 20;
/** Added to a taken job while its worker hands over what came of it. */
const HANDOVER = 2 ** 19;
/** Atomics.wait outlasts `Worker.terminate()`, so no sleep is longer than this. */
const NAP_MS = 250;

/** A job that a worker has taken. */
export interface Job {
  /** Its index. */
  readonly index: number;
  /** How often it was tried before. */
  readonly attempt: number;
}

/** What a worker meets that was given up: it is to leave. */
export class GivenUp extends Error {}

/** The board, as each thread sees it over the same memory. */
export class JobBoard {
  /** The memory, to be sent to other threads. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** How many jobs there are. */
  readonly count: number;
  readonly #places: BigInt64Array<SharedArrayBuffer>;

  /** Lays a board over memory that another thread made. */
  constructor(words: Int32Array<SharedArrayBuffer>) {
    this.words = words;
    this.count = words.length - CELLS;
    this.#places = new BigInt64Array(words.buffer, 4 * CLOCKS, MAX_WORKERS);
  }

  /** A board of jobs that are all closed. */
  static create(count: number): JobBoard {
    return new JobBoard(new Int32Array(new SharedArrayBuffer(4 * (CELLS + count))));
  }

  // ---- For workers.

  /**
   * Takes a free job; undefined if none is. `place` is this worker's place below MAX_WORKERS.
   *
   * @throws {GivenUp} If this worker does not sit there any more.
   */
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
      this.#setClock(worker, place, clock());
      const taken = takenBy(worker, attempt);
      if (Atomics.compareExchange(words, cell, value, taken) !== value) continue;
      if (this.#sitter(place) !== worker) {
        // Given up between the two: nobody looks for jobs of this worker for long.
        if (Atomics.compareExchange(words, cell, taken, value) === taken) this.wake(index);
        throw new GivenUp();
      }
      Atomics.store(words, HINT, (index + 1) % count);
      return { index, attempt };
    }
    this.#setClock(worker, place, 0);
    return undefined;
  }

  /**
   * Hands over what came of a job and closes it; false, and nothing is handed over, if the job was taken
   * away from this worker in the meantime.
   *
   * @param handOver Must not throw.
   */
  finish(worker: number, { index, attempt }: Job, handOver: () => void): boolean {
    const cell = this.#cell(index);
    const taken = takenBy(worker, attempt);
    if (Atomics.compareExchange(this.words, cell, taken, taken + HANDOVER) !== taken) return false;
    handOver();
    Atomics.store(this.words, cell, 0);
    this.#countClosed();
    return true;
  }

  /** Counts a report that is about to be sent. */
  countReport(): void {
    Atomics.add(this.words, REPORTS, 1);
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

  /**
   * Runs `work` while no other worker does: large pictures are decoded one at a time.
   *
   * @throws {GivenUp} If this worker does not sit at its place any more.
   */
  exclusive<T>(worker: number, place: number, work: () => T): T {
    while (Atomics.compareExchange(this.words, LOCK, 0, worker) !== 0) {
      Atomics.wait(this.words, LOCK, Atomics.load(this.words, LOCK), NAP_MS);
      // Waiting for one's turn is not being stuck.
      this.#setClock(worker, place, clock());
    }
    try {
      this.#setClock(worker, place, clock());
      return work();
    } finally {
      this.#unlock(worker);
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

  /** Reports sent so far; each before its job was closed. */
  get reports(): number {
    return Atomics.load(this.words, REPORTS);
  }

  /** Lets a worker sit at a place; whoever sat there before takes no more jobs. */
  seat(worker: number, place: number): void {
    Atomics.store(this.#places, place, sitting(worker, 0));
  }

  /** The jobs that workers have taken, but for those being handed over. */
  jobsOf(workers: { has(worker: number): boolean }): (Job & { readonly worker: number })[] {
    const jobs: (Job & { readonly worker: number })[] = [];
    for (let index = 0; index < this.count; index++) {
      const value = Atomics.load(this.words, this.#cell(index));
      const worker = value % ATTEMPT;
      if (value > 0 && workers.has(worker)) {
        jobs.push({ index, attempt: Math.floor(value / ATTEMPT) - 1, worker });
      }
    }
    return jobs;
  }

  /** Takes a job away from a worker; false if the worker has handed it over meanwhile. */
  revoke({ index, attempt, worker }: Job & { readonly worker: number }): boolean {
    const taken = takenBy(worker, attempt);
    return Atomics.compareExchange(this.words, this.#cell(index), taken, takenBy(0, attempt)) ===
      taken;
  }

  /** Frees a job that was taken away for another try, or closes it. */
  release({ index, attempt }: Job, again: boolean): void {
    Atomics.store(this.words, this.#cell(index), again ? -2 - attempt : 0);
    if (again) this.wake(index);
    else this.#countClosed();
  }

  /** Milliseconds that the worker at a place has been at its job; 0 if it has none. */
  busyFor(place: number): number {
    const since = Number(BigInt.asIntN(32, Atomics.load(this.#places, place)));
    return since === 0 ? 0 : Math.max(0, clock() - since);
  }

  /** Takes a worker's place and the lock on large pictures from it, for ever. */
  bury(worker: number, place: number): void {
    if (this.#sitter(place) === worker) Atomics.store(this.#places, place, 0n);
    this.#unlock(worker);
  }

  /** Takes the lock from workers that were given up, whatever they did since. */
  unlock(workers: { has(worker: number): boolean }): void {
    const holder = Atomics.load(this.words, LOCK);
    if (workers.has(holder)) this.#unlock(holder);
  }

  #unlock(worker: number): void {
    Atomics.compareExchange(this.words, LOCK, worker, 0);
    Atomics.notify(this.words, LOCK, 1);
  }

  #sitter(place: number): number {
    return Number(Atomics.load(this.#places, place) >> 32n);
  }

  #setClock(worker: number, place: number, time: number): void {
    for (;;) {
      const seen = Atomics.load(this.#places, place);
      if (Number(seen >> 32n) !== worker) throw new GivenUp();
      if (Atomics.compareExchange(this.#places, place, seen, sitting(worker, time)) === seen) {
        return;
      }
    }
  }

  #countClosed(): void {
    Atomics.add(this.words, CLOSED, 1);
    Atomics.notify(this.words, CLOSED);
  }

  #cell(index: number): number {
    return CELLS + index;
  }
}

function takenBy(worker: number, attempt: number): number {
  return (attempt + 1) * ATTEMPT + worker;
}

function sitting(worker: number, time: number): bigint {
  return (BigInt(worker) << 32n) | BigInt(time);
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
