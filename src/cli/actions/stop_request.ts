/**
 * Signals as requests: the first asks training to stop after the step at hand, the second ends the program
 * at once.
 *
 * @module
 */

/** The statuses that shells give a program which a signal ended. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof STATUS;

/** Listens for Ctrl-C, a terminal that is closed, and the signal that asks programs to end. */
export class StopRequest {
  readonly #controller = new AbortController();
  readonly #listeners: readonly [StopSignal, () => void][];
  #listens = false;
  #asked = false;
  #wait: () => Promise<unknown> = () => Promise.resolve();
  #status: number = STATUS.SIGINT;

  /** Starts listening; until {@linkcode listen} a signal ends the program, for nothing is to be saved. */
  constructor() {
    const all = Object.keys(STATUS) as StopSignal[];
    const signals = Deno.build.os === "windows" ? all.filter((name) => name === "SIGINT") : all;
    this.#listeners = signals.map((signal) => [signal, () => this.#stop(STATUS[signal])]);
    for (const [signal, listener] of this.#listeners) Deno.addSignalListener(signal, listener);
  }

  /** What the program's end has to wait for: threads of the driver that do not bear it. */
  waitFor(wait: () => Promise<unknown>): void {
    this.#wait = wait;
  }

  /**
   * From now on the first signal is a request: what it aborts is the value. Where one has come already
   * the program is about to end, and nothing may begin: there is no value then.
   */
  async listen(): Promise<AbortSignal> {
    if (this.#asked) await new Promise(() => {});
    this.#listens = true;
    return this.#controller.signal;
  }

  /** The exit status where a signal ended the program. */
  get status(): number {
    return this.#status;
  }

  #stop(status: number): void {
    if (this.#asked) Deno.exit(status);
    this.#asked = true;
    this.#status = status;
    if (this.#listens) return this.#controller.abort();
    this.#wait().catch(() => {}).finally(() => Deno.exit(status));
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
  }
}
