/**
 * Random choices for one facade.
 *
 * @module
 */

import { Purpose, uniform } from "../random.ts";

/** A run of random numbers that depends on (seed, index) alone. */
export class Dice {
  readonly #seed: number;
  readonly #index: number;
  #thrown = 0;

  /** The dice of facade `index`. */
  constructor(seed: number, index: number) {
    this.#seed = seed;
    this.#index = index;
  }

  /** A number in (0, 1). */
  next(): number {
    return uniform(this.#seed, Purpose.Synth, this.#index, this.#thrown++);
  }

  /** A number between two others. */
  range(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.range(low, high + 1));
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of several, all equally likely. */
  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)];
  }
}
