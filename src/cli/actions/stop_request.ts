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
  #requested = false;

  /** Starts listening. */
  constructor() {
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#listener);
  }

  /** Whether someone asked to stop. */
  get requested(): boolean {
    return this.#requested;
  }

  readonly #listener = (): void => {
    if (this.#requested) Deno.exit(130);
    this.#requested = true;
  };

  /** Stops listening. */
  [Symbol.dispose](): void {
    for (const signal of this.#signals) Deno.removeSignalListener(signal, this.#listener);
  }
}
