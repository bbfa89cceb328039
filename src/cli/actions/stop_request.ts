/**
 * Ctrl-C as a request: the first one asks training to stop after the step at hand, the second ends the
 * program at once.
 *
 * @module
 */

/** Listens for Ctrl-C and the signal that asks programs to end. */
export class StopRequest {
  readonly #signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  readonly #controller = new AbortController();

  /** Starts listening. */
  constructor() {
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#listener);
  }

  /** Aborted once someone asks to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #listener = (): void => {
    if (this.signal.aborted) Deno.exit(130);
    this.#controller.abort();
  };

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const signal of this.#signals) Deno.removeSignalListener(signal, this.#listener);
  }
}
