/**
 * The discriminator in float64: pictures to scores, and back for the gradients.
 *
 * @module
 */

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
  /** The convolutions; the first reads the colours. */
  readonly convs: readonly Parameter[];
  /** One after each convolution but the first. */
  readonly norms: readonly NormLayer[];
  /** Weights of the head, [4*4 pixels][8*width]. */
  readonly head: Parameter;
  /** Bias of the head: one number. */
  readonly bias: Parameter;
}

/** What a forward pass leaves for the backward pass. */
export interface DiscriminatorPass {
  /** The pictures, [batch, 64, 64, 3]. */
  readonly images: Float64Array;
  /** Output of the first layer, [batch, 32, 32, width]. */
  readonly first: Float64Array;
  /** The other hidden layers. */
  readonly hidden: readonly NormPass[];
  /** The scores, [batch]; with cross-entropy they are logits. */
  readonly scores: Float64Array;
}

/** Shape of convolution `i`, which turns 64>>i pixels a side into half as many. */
function convShape(width: number, i: number, batch: number): ConvShape {
  const size = 32 >> i;
  const small = width << i;
  return { batch, height: size, width: size, big: i > 0 ? small / 2 : 3, small };
}

/** A discriminator of zero weights. */
export function createDiscriminator(width: number): Discriminator {
  const layers = [0, 1, 2, 3].map((i) => convShape(width, i, 1));
  return {
    width,
    convs: layers.map(({ big, small }) => createParameter(16 * big * small)),
    norms: layers.slice(1).map(({ small }) => createNormLayer(small)),
    head: createParameter(16 * 8 * width),
    bias: createParameter(1),
  };
}

function batchOf(images: ArrayLike<number>): number {
  return images.length / (64 * 64 * 3);
}

/** Scores of pictures [batch, 64, 64, 3]. */
export function discriminatorForward(net: Discriminator, images: Float64Array): DiscriminatorPass {
  const batch = batchOf(images);
  const first = activate(down(images, net.convs[0].value, convShape(net.width, 0, batch)), "leaky");
  const hidden: NormPass[] = [];
  let y = first;
  for (let i = 1; i < 4; i++) {
    const x = down(y, net.convs[i].value, convShape(net.width, i, batch));
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
  const batch = batchOf(pass.images);
  const { dx, dw, db } = headBackward(dScores, pass.hidden[2].y, net.head.value);
  accumulate(net.head.gradient, dw);
  accumulate(net.bias.gradient, [db]);
  let dy = dx;
  for (let i = 3; i >= 0; i--) {
    const conv = convShape(net.width, i, batch);
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
