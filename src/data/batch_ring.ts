/**
 * The slots that hold batches: workers fill them ahead of the consumer, which hands them back.
 *
 * @module
 */

import { JobBoard, waitShared } from "./job_board.ts";

/** What the consumer gets. */
export interface Batch {
  /** The step it belongs to. */
  readonly step: number;
  /** Shape [B, 64, 64, 3], uint8, over shared memory; valid until {@linkcode release}. */
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  /** Hands the memory back for a later batch; may be called twice. */
  release(): void;
}

/** Slots in shared memory; job `slot * batch + row` of the board is one picture of one slot. */
export class BatchRing {
  /** The jobs. */
  readonly board: JobBoard;
  /** The step each slot is for. */
  readonly steps: Int32Array<SharedArrayBuffer>;
  /** The pictures still missing in each slot; woken at 0. */
  readonly missing: Int32Array<SharedArrayBuffer>;
  /** The slots' pixels. */
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  readonly #batch: number;
  readonly #held: boolean[];
  /** The step that the next free slot is for. */
  #next = 0;

  /** `slots` slots for `batch` pictures of `bytes` bytes. */
  constructor(slots: number, batch: number, bytes: number) {
    this.board = JobBoard.create(slots * batch);
    this.steps = new Int32Array(new SharedArrayBuffer(4 * slots));
    this.missing = new Int32Array(new SharedArrayBuffer(4 * slots));
    this.pixels = new Uint8Array(new SharedArrayBuffer(slots * batch * bytes));
    this.#batch = batch;
    this.#held = new Array(slots).fill(false);
    for (let slot = 0; slot < slots; slot++) this.#open(slot);
    this.board.wake(0);
  }

  /** The slot, not held by the consumer, that is for a step; undefined if none is. */
  find(step: number): number | undefined {
    const slot = this.steps.findIndex((value, i) => value === step && !this.#held[i]);
    return slot < 0 ? undefined : slot;
  }

  /** Whether a slot holds its whole batch. */
  ready(slot: number): boolean {
    return this.board.allClosed(slot * this.#batch, (slot + 1) * this.#batch);
  }

  /** Resolves when a slot is complete, or after some time. */
  async wait(slot: number, milliseconds: number): Promise<void> {
    const seen = Atomics.load(this.missing, slot);
    if (this.ready(slot)) return;
    await waitShared(this.missing, slot, seen, milliseconds);
  }

  /** Gives a complete slot to the consumer. */
  hold(slot: number): Batch {
    const step = this.steps[slot];
    const length = this.pixels.length / this.#held.length;
    this.#held[slot] = true;
    let held = true;
    return {
      step,
      pixels: this.pixels.subarray(slot * length, (slot + 1) * length),
      release: () => {
        if (!held) return;
        held = false;
        this.#held[slot] = false;
        this.#open(slot);
        this.board.wake();
      },
    };
  }

  /** Whether the consumer holds every slot. */
  get exhausted(): boolean {
    return this.#held.every((held) => held);
  }

  /**
   * Points all slots that the consumer does not hold at the steps from `step` on. Resolves when
   * the workers have let go of the old ones; `watch` is called meanwhile.
   */
  async seek(step: number, watch: () => void): Promise<void> {
    const slots = [...this.#held.keys()].filter((slot) => !this.#held[slot]);
    for (const slot of slots) {
      for (let row = 0; row < this.#batch; row++) this.board.withdraw(slot * this.#batch + row);
    }
    while (!slots.every((slot) => this.ready(slot))) {
      watch();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    this.#next = step;
    for (const slot of slots) this.#open(slot);
    this.board.wake(slots[0] * this.#batch);
  }

  #open(slot: number): void {
    Atomics.store(this.steps, slot, this.#next++);
    Atomics.store(this.missing, slot, this.#batch);
    for (let row = 0; row < this.#batch; row++) this.board.open(slot * this.#batch + row);
  }
}
