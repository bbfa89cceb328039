/**
 * The discriminator: pictures [B, size, size, 4] to scores [B].
 *
 * Convolutions halve the pictures down to 4x4, each followed by LeakyReLU; a linear layer gives one
 * score a picture, with no sigmoid (layers.ts). All but the first convolution have batch norm behind
 * them; or else all weights are spectrally normalised, and the convolutions have a bias.
 *
 * @module
 */

import { makeBuffer, type Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Program } from "../gpu/program.ts";
import { LEAKY_SLOPE, recordActivationBackward } from "../ops/activation.ts";
import { Bias } from "../ops/bias.ts";
import { Conv } from "../ops/conv/conv.ts";
import { Workspace } from "../ops/conv/workspace.ts";
import { type HeadShape, recordHead, recordHeadBackward } from "../ops/dense.ts";
import { BatchNorm } from "../ops/batch_norm.ts";
import {
  type Architecture,
  convShape,
  discriminatorLayers,
  IMAGE_CHANNELS,
  type LayerOf,
  layersOf,
  SMALLEST,
  weightName,
} from "./layers.ts";
import type { NetworkState } from "./network_state.ts";
import { SpectralWeights } from "./spectral_weights.ts";

/** What stands behind a convolution, up to and with its activation. */
type Behind =
  | { readonly kind: "activation" }
  | { readonly kind: "norm"; readonly norm: BatchNorm; readonly name: string }
  | { readonly kind: "bias"; readonly bias: Bias; readonly name: string };

/** A convolution and what stands behind it. */
interface Stage {
  readonly conv: Conv;
  /** Its weights' name. */
  readonly weight: string;
  readonly behind: Behind;
  /** What the convolution writes. */
  readonly x: Slice;
  /** What comes out behind the activation. */
  readonly y: Slice;
}

/**
 * The discriminator for one batch size, over weights that it does not own. Photos and generated pictures
 * may go through it in one batch as two groups: batch norm then treats each as a batch of its own.
 */
export class Discriminator {
  /** The scores of the last forward pass, [B]. */
  readonly scores: Slice;
  /** Where the loss writes the scores' gradients, [B]. */
  readonly dScores: Slice;
  readonly #gpu: Gpu;
  readonly #state: NetworkState;
  readonly #stages: readonly Stage[];
  readonly #headShape: HeadShape;
  readonly #head: LayerOf<"head">;
  /** The weights as the layers see them, where that is not as they are. */
  readonly #spectral: SpectralWeights | undefined;
  readonly #workspace: Workspace;
  readonly #gradients: readonly [Slice, Slice];
  readonly #imageFloats: number;
  #dImages: Slice | undefined;
  readonly #own: Slice[] = [];

  /** Makes the buffers between the layers; `half` rounds the operands of convolutions to f16. */
  constructor(
    gpu: Gpu,
    state: NetworkState,
    architecture: Architecture,
    batch: number,
    half = false,
    groups = 1,
  ) {
    this.#gpu = gpu;
    this.#state = state;
    this.#workspace = new Workspace(gpu);
    const layers = discriminatorLayers(architecture);
    const convs = layersOf(layers, "conv");
    const norms = layersOf(layers, "norm");
    [this.#head] = layersOf(layers, "head");
    this.#headShape = { batch, groups, features: SMALLEST * SMALLEST * this.#head.channels };
    this.#spectral = this.#head.spectral
      ? new SpectralWeights(gpu, state, [...convs, this.#head])
      : undefined;
    this.scores = this.#buffer("scores", batch);
    this.dScores = this.#buffer("score gradients", batch);
    this.#imageFloats = batch * architecture.size ** 2 * IMAGE_CHANNELS;
    this.#stages = convs.map((layer, i): Stage => {
      const { name, pixels, small: channels, spectral } = layer;
      const shape = { batch, height: pixels, width: pixels, channels, slope: LEAKY_SLOPE };
      const behind: Behind = spectral
        ? { kind: "bias", bias: new Bias(gpu, shape), name }
        : i === 0
        ? { kind: "activation" }
        : { kind: "norm", norm: new BatchNorm(gpu, { ...shape, groups }), name: norms[i - 1].name };
      const floats = batch * pixels * pixels * channels;
      const y = this.#buffer(`discriminator y${i}`, floats);
      return {
        conv: new Conv(this.#workspace, convShape(layer, batch, half)),
        weight: weightName(layer),
        behind,
        x: behind.kind === "activation" ? y : this.#buffer(`discriminator x${i}`, floats),
        y,
      };
    });
    const largest = this.#stages[0].y.size / 4;
    this.#gradients = [
      this.#buffer("discriminator gradient a", largest),
      this.#buffer("discriminator gradient b", largest),
    ];
  }

  #buffer(label: string, floats: number): Slice {
    const buffer = makeBuffer(this.#gpu, label, floats);
    this.#own.push(buffer);
    return buffer;
  }

  /** Weights as the products see them. */
  #seen(name: string): Slice {
    return this.#state.slice(name, this.#spectral?.flat);
  }

  #normParameters(norm: string, flat?: Slice): { gamma: Slice; beta: Slice } {
    return {
      gamma: this.#state.slice(`${norm}.weight`, flat),
      beta: this.#state.slice(`${norm}.bias`, flat),
    };
  }

  #bias(layer: string, flat?: Slice): Slice {
    return this.#state.slice(`${layer}.bias`, flat);
  }

  /** Where {@linkcode recordInputGradient} leaves the images' gradient, [B, size, size, 4]. */
  get dImages(): Slice {
    return this.#dImages ??= this.#buffer("image gradients", this.#imageFloats);
  }

  /**
   * Records images to scores, with each group's statistics; updates the running ones. With spectral
   * normalisation a power iteration comes first.
   */
  recordForward(program: Program, images: Slice): void {
    this.#spectral?.recordNormalise(program);
    let input = images;
    this.#stages.forEach(({ conv, weight, behind, x, y }, i) => {
      const seen = this.#seen(weight);
      const activation = behind.kind === "activation" ? "leaky_relu" : "none";
      conv.recordDown(program, input, seen, x, activation);
      input = y;
      const target = this.#stages[i + 1]?.conv.bigTarget(this.#gpu, y) ?? y;
      if (behind.kind === "norm") {
        const running = this.#state.runningStatistics(behind.name);
        behind.norm.recordForward(program, x, this.#normParameters(behind.name), running, target);
      } else if (behind.kind === "bias") {
        behind.bias.recordForward(program, x, this.#bias(behind.name), target);
      }
    });
    const head = { weight: this.#seen(weightName(this.#head)), bias: this.#bias(this.#head.name) };
    recordHead(program, this.#headShape, input, head, this.scores);
  }

  /** Records the gradients of all parameters into `gradients` from the scores' gradients. */
  recordBackward(program: Program, images: Slice, gradients: Slice): void {
    const dx = this.#recordBackwardToFirst(program, gradients);
    const { conv, weight } = this.#stages[0];
    conv.recordWeightGradient(program, images, dx, this.#state.slice(weight, gradients));
    this.#spectral?.recordGradients(program, gradients);
  }

  /** Records the images' gradient alone: what the generator learns from. */
  recordInputGradient(program: Program): void {
    const dx = this.#recordBackwardToFirst(program);
    const { conv, weight } = this.#stages[0];
    conv.recordUp(program, dx, this.#seen(weight), this.dImages);
  }

  /** Backward down to the first convolution's output; returns where its gradient stands. */
  #recordBackwardToFirst(program: Program, gradients?: Slice): Slice {
    const [a, b] = this.#gradients;
    const head = weightName(this.#head);
    const into = {
      weight: this.#state.slice(head, gradients),
      bias: this.#bias(this.#head.name, gradients),
    };
    const how = gradients ? "write" : "none";
    const { y } = this.#stages.at(-1)!;
    const { dScores } = this;
    recordHeadBackward(program, this.#headShape, y, this.#seen(head), dScores, b, how, into);
    for (let i = this.#stages.length - 1; i >= 0; i--) {
      const { conv, weight } = this.#stages[i];
      this.#recordBehindBackward(program, this.#stages[i], b, a, gradients);
      if (i === 0) break;
      if (gradients) {
        const into = this.#state.slice(weight, gradients);
        conv.recordWeightGradient(program, this.#stages[i - 1].y, a, into);
      }
      conv.recordUp(program, a, this.#seen(weight), b);
    }
    return a;
  }

  /** From the gradient `dy` behind a stage's activation to `dx`, that of what its convolution wrote. */
  #recordBehindBackward(
    program: Program,
    { conv, behind, x, y }: Stage,
    dy: Slice,
    dx: Slice,
    gradients?: Slice,
  ): void {
    const target = conv.smallTarget(this.#gpu, dx);
    if (behind.kind === "activation") {
      recordActivationBackward(program, "leaky_relu", y, dy, target, y.size / 4);
    } else if (behind.kind === "norm") {
      const into = this.#normParameters(behind.name, gradients);
      const how = gradients ? "write" : "none";
      behind.norm.recordBackward(program, x, dy, target, how, into);
    } else {
      const into = gradients && this.#bias(behind.name, gradients);
      behind.bias.recordBackward(program, x, dy, target, into);
    }
  }

  /** Frees the buffers; the weights are not its own. */
  destroy(): void {
    for (const { buffer } of this.#own) buffer.destroy();
    for (const { behind } of this.#stages) {
      if (behind.kind === "norm") behind.norm.destroy();
      if (behind.kind === "bias") behind.bias.destroy();
    }
    this.#spectral?.destroy();
    this.#workspace.destroy();
  }
}
