/**
 * The discriminator in float64: pictures to scores, and back for the gradients.
 *
 * @module
 */

import {
  type Channels,
  discriminatorLayers,
  type LayerOf,
  layersOf,
  type PictureSize,
} from "../../src/model/layers.ts";
import { activate, activationGradient } from "./activation.ts";
import { createParameter, type Parameter } from "./adam.ts";
import { type ConvShape, convWeightGradient, down, up } from "./conv.ts";
import { headBackward, headForward } from "./head.ts";
import {
  accumulate,
  createNormLayer,
  normBackwardInto,
  normForward,
  type NormLayer,
  type NormPass,
} from "./norm_layer.ts";

/** The discriminator's weights. */
export interface Discriminator {
  /** Channels of the first hidden layer. */
  readonly width: number;
  /** The convolutions' shapes. */
  readonly layers: readonly LayerOf<"conv">[];
  /** The convolutions; the first reads the colours. */
  readonly convs: readonly Parameter[];
  /** One after each convolution but the first. */
  readonly norms: readonly NormLayer[];
  /** Weights of the head, [4*4 pixels][channels]. */
  readonly head: Parameter;
  /** Bias of the head: one number. */
  readonly bias: Parameter;
}

/** What a forward pass leaves for the backward pass. */
export interface DiscriminatorPass {
  /** The pictures, [batch, size, size, channels]. */
  readonly images: Float64Array;
  /** Output of the first layer, [batch, size/2, size/2, width]. */
  readonly first: Float64Array;
  /** The other hidden layers. */
  readonly hidden: readonly NormPass[];
  /** The scores, [batch]; with cross-entropy they are logits. */
  readonly scores: Float64Array;
}

/** Shape of a convolution, which leaves `pixels` a side. */
function convShape({ pixels, big, small }: LayerOf<"conv">, batch: number): ConvShape {
  return { batch, height: pixels, width: pixels, big, small };
}

/** A discriminator of zero weights. */
export function createDiscriminator(
  width: number,
  size: PictureSize = 64,
  colours: Channels = 3,
): Discriminator {
  const layers = discriminatorLayers({ size, width, nz: 4, channels: colours });
  const convs = layersOf(layers, "conv");
  const [{ channels }] = layersOf(layers, "head");
  return {
    width,
    layers: convs,
    convs: convs.map(({ big, small }) => createParameter(16 * big * small)),
    norms: layersOf(layers, "norm").map((norm) => createNormLayer(norm.channels)),
    head: createParameter(16 * channels),
    bias: createParameter(1),
  };
}

function batchOf({ layers }: Discriminator, images: ArrayLike<number>): number {
  return images.length / (4 * layers[0].pixels ** 2 * layers[0].big);
}

/** Scores of pictures [batch, size, size, channels]. */
export function discriminatorForward(net: Discriminator, images: Float64Array): DiscriminatorPass {
  const batch = batchOf(net, images);
  const first = activate(
    down(images, net.convs[0].value, convShape(net.layers[0], batch)),
    "leaky",
  );
  const hidden: NormPass[] = [];
  let y = first;
  for (let i = 1; i < net.convs.length; i++) {
    const x = down(y, net.convs[i].value, convShape(net.layers[i], batch));
    const pass = normForward(net.norms[i - 1], x, "leaky", "train");
    hidden.push(pass);
    y = pass.y;
  }
  const scores = headForward(y, net.head.value, net.bias.value[0], batch);
  return { images, first, hidden, scores };
}

/**
 * Adds to the discriminator's gradients, from the gradient of the scores; returns the gradient of
 * the pictures.
 */
export function discriminatorBackward(
  net: Discriminator,
  pass: DiscriminatorPass,
  dScores: Float64Array,
): Float64Array {
  const batch = batchOf(net, pass.images);
  const { dx, dw, db } = headBackward(dScores, pass.hidden.at(-1)!.y, net.head.value);
  accumulate(net.head.gradient, dw);
  accumulate(net.bias.gradient, [db]);
  let dy = dx;
  for (let i = net.convs.length - 1; i >= 0; i--) {
    const conv = convShape(net.layers[i], batch);
    const dConv = i > 0
      ? normBackwardInto(net.norms[i - 1], pass.hidden[i - 1], dy, "leaky")
      : activationGradient(dy, pass.first, "leaky");
    const input = i > 1 ? pass.hidden[i - 2].y : i > 0 ? pass.first : pass.images;
    accumulate(net.convs[i].gradient, convWeightGradient(input, dConv, conv));
    dy = up(dConv, net.convs[i].value, conv);
  }
  return dy;
}

/** Everything Adam updates. */
export function discriminatorParameters(net: Discriminator): Parameter[] {
  const { convs, norms, head, bias } = net;
  return [...convs, ...norms.flatMap(({ gamma, beta }) => [gamma, beta]), head, bias];
}
