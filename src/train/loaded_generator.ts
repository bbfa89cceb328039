/**
 * A trained generator by itself, from a checkpoint: noise in, pictures out.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { Pictures } from "../image/pictures.ts";
import { generatorTensors } from "../model/layers.ts";
import { NetworkState } from "../model/network_state.ts";
import { Sampler } from "../model/sampler.ts";
import { type Checkpoint, holds } from "./checkpoint.ts";
import { noiseOfSeed } from "./noise.ts";
import type { TrainSettings } from "./settings.ts";
import type { WeightChoice } from "./trainer.ts";

/** Draws pictures with a checkpoint's generator; use {@linkcode openGenerator}. */
export class LoadedGenerator {
  /** The settings it was trained with. */
  readonly settings: TrainSettings;
  /** Which of the checkpoint's weights it draws with. */
  readonly weights: WeightChoice;
  readonly #state: NetworkState;
  readonly #sampler: Sampler;

  /** Loads the weights onto the GPU. */
  constructor(gpu: Gpu, { settings, tensors }: Checkpoint, weights: WeightChoice) {
    this.settings = settings;
    this.weights = weights;
    const own = gpu.share();
    this.#state = own.within(() => {
      const state = new NetworkState(own, "generator", generatorTensors(settings));
      state.load(tensors, weights === "ema" ? "ema.G." : "G.");
      return state;
    });
    this.#sampler = new Sampler(own, this.#state, settings);
  }

  /**
   * Noise [count, nz] from a seed; picture i depends on the seed and i alone.
   */
  noise(count: number, { seed = 1 }: { readonly seed?: number } = {}): Float32Array<ArrayBuffer> {
    return noiseOfSeed(count, this.settings.nz, seed).noise;
  }

  /** Draws a picture for each row of noise [N, nz], normalisation in evaluation mode. */
  async generate(noise: Float32Array): Promise<Pictures> {
    return new Pictures(await this.#sampler.generate(noise), this.settings.size);
  }

  /** Frees what it holds on the GPU. */
  destroy(): void {
    this.#sampler.destroy();
    this.#state.destroy();
  }

  /** Frees it at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}

/**
 * Opens a checkpoint's generator: its moving average where it has one, unless told otherwise.
 *
 * @throws {UserError} If the checkpoint lacks the weights asked for.
 */
export function openGenerator(
  gpu: Gpu,
  checkpoint: Checkpoint,
  options: { readonly weights?: WeightChoice } = {},
): LoadedGenerator {
  return new LoadedGenerator(gpu, checkpoint, chooseWeights(checkpoint, options.weights));
}

/**
 * Which weights of a checkpoint draw: those asked for, else its moving average where it has one.
 *
 * @throws {UserError} If a moving average is asked for and there is none.
 */
export function chooseWeights(checkpoint: Checkpoint, wanted?: WeightChoice): WeightChoice {
  const hasAverage = holds(checkpoint, "ema.G");
  if (wanted === "ema" && !hasAverage) {
    throw new UserError("the checkpoint holds no moving average: it was trained with ema 0");
  }
  return wanted ?? (hasAverage ? "ema" : "current");
}

/** A checkpoint that can draw and no more: a tenth of the size. */
export function generatorOnly(checkpoint: Checkpoint): Checkpoint {
  const prefix = holds(checkpoint, "ema.G") ? "ema.G." : "G.";
  return {
    ...checkpoint,
    tensors: new Map([...checkpoint.tensors].filter(([name]) => name.startsWith(prefix))),
  };
}
