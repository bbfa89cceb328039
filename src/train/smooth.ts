/**
 * Smoothing of noisy curves.
 *
 * @module
 */

/** An exponential moving average that is right from its first value on (bias-corrected). */
export class Smoother {
  readonly #decay: number;
  #sum = 0;
  #weight = 0;

  /** Averages over about `span` values. */
  constructor(span: number) {
    this.#decay = 1 - 1 / Math.max(1, span);
  }

  /** Takes a value and gives the average so far; a value that is not finite is left out. */
  add(value: number): number {
    if (Number.isFinite(value)) {
      this.#sum = this.#decay * this.#sum + (1 - this.#decay) * value;
      this.#weight = this.#decay * this.#weight + (1 - this.#decay);
    }
    return this.value;
  }

  /** The average so far; NaN before the first value. */
  get value(): number {
    return this.#sum / this.#weight;
  }
}

/** A curve smoothed over about `span` values; where it is not finite it stays so. */
export function smooth(values: readonly number[], span: number): number[] {
  const smoother = new Smoother(span);
  return values.map((value) => Number.isFinite(value) ? smoother.add(value) : NaN);
}
