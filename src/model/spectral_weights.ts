/**
 * The weights of a network of which each is spectrally normalised, and its gradients' way back.
 *
 * @module
 */

import { makeBuffer, type Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Program } from "../gpu/program.ts";
import { SpectralNorm } from "../ops/spectral_norm.ts";
import { type LayerOf, singularNames, weightName } from "./layers.ts";
import type { NetworkState } from "./network_state.ts";

/** A spectrally normalised layer. */
interface Matrix {
  readonly weight: string;
  readonly u: string;
  readonly v: string;
  readonly norm: SpectralNorm;
}

/** Normalised copies of a network's weights. */
export class SpectralWeights {
  /** The copies, laid out as the parameters are; what is no weight is undefined. */
  readonly flat: Slice;
  readonly #state: NetworkState;
  readonly #matrices: readonly Matrix[];

  /** Makes the copies' buffer. */
  constructor(
    gpu: Gpu,
    state: NetworkState,
    layers: readonly (LayerOf<"conv"> | LayerOf<"head">)[],
  ) {
    this.#state = state;
    this.flat = makeBuffer(gpu, "spectrally normalised weights", state.table.parameterCount);
    this.#matrices = layers.map((layer): Matrix => {
      const [u, v] = singularNames(layer);
      const weight = weightName(layer);
      const columns = layer.kind === "conv" ? layer.small : 1;
      const floats = state.slice(weight).size / 4;
      return { weight, u, v, norm: new SpectralNorm(gpu, floats / columns, columns) };
    });
  }

  #vectors({ u, v }: Matrix): { u: Slice; v: Slice } {
    return { u: this.#state.runningSlice(u), v: this.#state.runningSlice(v) };
  }

  /** Records a power iteration and the normalised weights. */
  recordNormalise(program: Program): void {
    for (const matrix of this.#matrices) {
      const { weight, norm } = matrix;
      const normalised = this.#state.slice(weight, this.flat);
      norm.recordNormalise(program, this.#state.slice(weight), this.#vectors(matrix), normalised);
    }
  }

  /** Records making the gradients by the normalised weights in `gradients` those by the weights. */
  recordGradients(program: Program, gradients: Slice): void {
    for (const matrix of this.#matrices) {
      const { weight, norm } = matrix;
      const normalised = this.#state.slice(weight, this.flat);
      const gradient = this.#state.slice(weight, gradients);
      norm.recordGradient(program, gradient, this.#vectors(matrix), normalised);
    }
  }

  /** Frees the copies; the weights are not its own. */
  destroy(): void {
    this.flat.buffer.destroy();
    for (const { norm } of this.#matrices) norm.destroy();
  }
}
