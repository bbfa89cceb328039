/**
 * The generator by itself, in evaluation mode: noise in, pictures out.
 *
 * @module
 */

import { readBack, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program, run } from "../gpu/program.ts";
import { Generator } from "./generator.ts";
import { pixelsToPlanes } from "./image_layout.ts";
import type { Architecture } from "./layers.ts";
import type { NetworkState } from "./network_state.ts";

/** Pictures made in one go; larger orders are served in turns. */
const LARGEST_BATCH = 64;

/** Draws pictures with a generator's weights as they are at each call. */
export class Sampler {
  readonly #gpu: Gpu;
  readonly #state: NetworkState;
  readonly #architecture: Architecture;
  #generator: Generator | undefined;
  #program: Program | undefined;

  /** Prepares to draw with the weights in `state`, which stays the caller's. */
  constructor(gpu: Gpu, state: NetworkState, architecture: Architecture) {
    this.#gpu = gpu;
    this.#state = state;
    this.#architecture = architecture;
  }

  /** Noise [N, nz] to pictures [N, 3, size, size] in (-1, 1), grey ones too; with the running statistics. */
  async generate(noise: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    const { nz, size: side, channels } = this.#architecture;
    const count = noise.length / nz;
    if (!Number.isInteger(count)) throw new Error(`noise must hold N * ${nz} numbers`);
    const { generator, program } = this.#gpu.within(() =>
      this.#ready(Math.min(count, LARGEST_BATCH))
    );
    const planes = new Float32Array(count * 3 * side * side);
    for (let first = 0; first < count; first += generator.batch) {
      const size = Math.min(generator.batch, count - first);
      this.#gpu.within(() => {
        upload(this.#gpu, generator.noise, noise.subarray(first * nz, (first + size) * nz));
        run(this.#gpu, program);
      });
      const [pixels] = await readBack(this.#gpu, [generator.images]);
      planes.set(pixelsToPlanes(pixels, size, side, channels), first * 3 * side * side);
    }
    return planes;
  }

  #ready(batch: number): { generator: Generator; program: Program } {
    if (!this.#generator || !this.#program || this.#generator.batch !== batch) {
      this.#generator?.destroy();
      this.#generator = new Generator(this.#gpu, this.#state, this.#architecture, batch);
      this.#program = new Program(this.#gpu);
      this.#generator.recordForward(this.#program, "evaluation");
    }
    return { generator: this.#generator, program: this.#program };
  }

  /** Frees the buffers; the weights stay. */
  destroy(): void {
    this.#generator?.destroy();
  }
}
