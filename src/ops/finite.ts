/**
 * Noticing numbers that are none: a rectifier makes 0 of NaN, so the losses need not show it.
 *
 * @module
 */

import source from "../../shaders/not_finite.wgsl" with { type: "text" };
import { bindablePieces, makeBuffer, type Slice, sliceOf, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, Program, run } from "../gpu/program.ts";

/** Looks through buffers for NaN and infinity. */
export class FiniteCheck {
  /** What {@linkcode FiniteCheck.start} leaves, to be read back: bits that are not all zero if it found one. */
  readonly found: Slice;
  readonly #gpu: Gpu;
  readonly #program: Program;

  /** Records looking through `all`, each a multiple of 16 bytes long. */
  constructor(gpu: Gpu, all: readonly Slice[]) {
    this.#gpu = gpu;
    this.found = makeBuffer(gpu, "numbers that are none", 4);
    this.#program = new Program(gpu);
    const kernel = makeKernel(gpu, "finite check", source);
    for (const whole of all) {
      for (const { at, floats } of bindablePieces(gpu, whole.size / 4)) {
        const piece = sliceOf(whole, at, floats);
        const grid = linearGrid(floats / 4, 64);
        this.#program.dispatch(kernel, [piece, this.found], grid, { bytes: 4 * floats });
      }
    }
  }

  /** Starts a look. */
  start(): void {
    upload(this.#gpu, this.found, new Uint32Array(4));
    run(this.#gpu, this.#program);
  }

  /** Frees its buffer. */
  destroy(): void {
    this.found.buffer.destroy();
  }
}
