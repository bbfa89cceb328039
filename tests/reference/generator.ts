/**
 * The generator in float64: noise to pictures, and back for the gradients.
 *
 * @module
 */

import {
  type Channels,
  generatorLayers,
  type LayerOf,
  layersOf,
  type PictureSize,
} from "../../src/model/layers.ts";
import { activate, activationGradient } from "./activation.ts";
import { createParameter, type Parameter } from "./adam.ts";
import { type ConvShape, convWeightGradient, down, up } from "./conv.ts";
import { dense, type DenseShape, denseWeightGradient } from "./dense.ts";
import {
  accumulate,
  createNormLayer,
  type Mode,
  normBackwardInto,
  normForward,
  type NormLayer,
  type NormPass,
} from "./norm_layer.ts";

/** The generator's weights. */
export interface Generator {
  /** Channels of the last hidden layer. */
  readonly width: number;
  /** Length of the noise. */
  readonly nz: number;
  /** The convolutions' shapes. */
  readonly layers: readonly LayerOf<"conv">[];
  /** Noise to 4x4 pixels of `channels`, [nz][tap][channels]. */
  readonly first: Parameter;
  /** One after each layer but the last. */
  readonly norms: readonly NormLayer[];
  /** The transposed convolutions; the last makes the colours. */
  readonly convs: readonly Parameter[];
}

/** What a forward pass leaves for the backward pass. */
export interface GeneratorPass {
  /** The noise, [batch, nz]. */
  readonly noise: Float64Array;
  /** The hidden layers. */
  readonly hidden: readonly NormPass[];
  /** The pictures, [batch, size, size, channels] in [-1, 1]. */
  readonly images: Float64Array;
}

/** Shape of a transposed convolution, which turns `pixels` a side into twice as many. */
function convShape({ pixels, big, small }: LayerOf<"conv">, batch: number): ConvShape {
  return { batch, height: pixels, width: pixels, big, small };
}

/** A generator of zero weights. */
export function createGenerator(
  width: number,
  nz: number,
  size: PictureSize = 64,
  channels: Channels = 3,
): Generator {
  const layers = generatorLayers({ size, width, nz, channels });
  const convs = layersOf(layers, "conv");
  const [project] = layersOf(layers, "project");
  return {
    width,
    nz,
    layers: convs,
    first: createParameter(nz * 16 * project.channels),
    norms: layersOf(layers, "norm").map((norm) => createNormLayer(norm.channels)),
    convs: convs.map(({ big, small }) => createParameter(16 * big * small)),
  };
}

function firstShape({ layers, nz }: Generator, noise: ArrayLike<number>): DenseShape {
  return { batch: noise.length / nz, inputs: nz, outputs: 16 * layers[0].small };
}

/** Pictures from noise [batch, nz]. */
export function generatorForward(
  net: Generator,
  noise: Float64Array,
  mode: Mode = "train",
): GeneratorPass {
  const shape = firstShape(net, noise);
  const hidden: NormPass[] = [];
  let x = dense(noise, net.first.value, shape);
  for (let i = 0; i < net.convs.length; i++) {
    const pass = normForward(net.norms[i], x, "relu", mode);
    hidden.push(pass);
    x = up(pass.y, net.convs[i].value, convShape(net.layers[i], shape.batch));
  }
  return { noise, hidden, images: activate(x, "tanh") };
}

/** Adds to the generator's gradients, from the gradient of the pictures. */
export function generatorBackward(
  net: Generator,
  pass: GeneratorPass,
  dImages: Float64Array,
): void {
  const shape = firstShape(net, pass.noise);
  let dx = activationGradient(dImages, pass.images, "tanh");
  for (let i = net.convs.length - 1; i >= 0; i--) {
    const conv = convShape(net.layers[i], shape.batch);
    accumulate(net.convs[i].gradient, convWeightGradient(dx, pass.hidden[i].y, conv));
    const dy = down(dx, net.convs[i].value, conv);
    dx = normBackwardInto(net.norms[i], pass.hidden[i], dy, "relu");
  }
  accumulate(net.first.gradient, denseWeightGradient(pass.noise, dx, shape));
}

/** Everything Adam updates. */
export function generatorParameters({ first, norms, convs }: Generator): Parameter[] {
  return [first, ...norms.flatMap(({ gamma, beta }) => [gamma, beta]), ...convs];
}
