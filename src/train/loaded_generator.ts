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
import { fillNormal, Purpose } from "../random.ts";
import type { Checkpoint } from "./checkpoint.ts";
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
    this.#state = new NetworkState(gpu, "generator", generatorTensors(settings));
    this.#state.load(tensors, weights === "ema" ? "ema.G." : "G.");
    this.#sampler = new Sampler(gpu, this.#state, settings);
  }

  /**
   * Noise [count, nz] from a seed; picture i depends on the seed and i alone.
   */
  noise(count: number, { seed = 1 }: { readonly seed?: number } = {}): Float32Array<ArrayBuffer> {
    return samplingNoise(count, { nz: this.settings.nz, seed });
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
  const hasAverage = checkpoint.tensors.has("ema.G.main.0.weight");
  if (options.weights === "ema" && !hasAverage) {
    throw new UserError("the checkpoint holds no moving average: it was trained with ema 0");
  }
  return new LoadedGenerator(gpu, checkpoint, options.weights ?? (hasAverage ? "ema" : "current"));
}

/** The noise [count, nz] that samples are drawn from: picture i depends on the seed and i alone. */
export function samplingNoise(
  count: number,
  { nz, seed }: { readonly nz: number; readonly seed: number },
): Float32Array<ArrayBuffer> {
  const noise = new Float32Array(count * nz);
  for (let i = 0; i < count; i++) {
    fillNormal(noise.subarray(i * nz, (i + 1) * nz), seed, Purpose.Samples, i);
  }
  return noise;
}
