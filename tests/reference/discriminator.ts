/**
 * The discriminator in float64: pictures to scores, and back for the gradients.
 *
 * @module
 */

import {
  type Channels,
  discriminatorLayers,
  type DiscriminatorNorm,
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
import { iterate, normalise, normaliseBackward, type Singular } from "./spectral_norm.ts";

/** Spectrally normalised weights. */
export interface SpectralLayer extends Singular {
  /** The weights that are trained. */
  readonly weight: Parameter;
  /** The weights that the layer uses. */
  readonly seen: Float64Array;
}

/** The discriminator's weights. */
export interface Discriminator {
  /** Channels of the first hidden layer. */
  readonly width: number;
  /** The convolutions' shapes. */
  readonly layers: readonly LayerOf<"conv">[];
  /** The convolutions; the first reads the colours. */
  readonly convs: readonly Parameter[];
  /** With batch norm: one after each convolution but the first. */
  readonly norms: readonly NormLayer[];
  /** With spectral normalisation: the convolutions' biases. */
  readonly biases: readonly Parameter[];
  /** With spectral normalisation: convolutions and head. */
  readonly spectral: readonly SpectralLayer[];
  /** Weights of the head, [4*4 pixels][channels]. */
  readonly head: Parameter;
  /** Bias of the head: one number. */
  readonly bias: Parameter;
}

/** What a forward pass leaves for the backward pass. */
export interface DiscriminatorPass {
  /** The pictures, [batch, size, size, channels]. */
  readonly images: Float64Array;
  /** What comes out behind each convolution's activation. */
  readonly y: readonly Float64Array[];
  /** What the norms leave. */
  readonly norms: readonly NormPass[];
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
  normD: DiscriminatorNorm = "batch",
): Discriminator {
  const layers = discriminatorLayers({ size, width, nz: 4, channels: colours, normD });
  const shapes = layersOf(layers, "conv");
  const [{ channels }] = layersOf(layers, "head");
  const convs = shapes.map(({ big, small }) => createParameter(16 * big * small));
  const head = createParameter(16 * channels);
  const isSpectral = normD === "spectral";
  const spectral = [...convs, head].map((weight, i): SpectralLayer => {
    const u = new Float64Array(shapes[i]?.small ?? 1);
    const { length } = weight.value;
    return { weight, u, v: new Float64Array(length / u.length), seen: new Float64Array(length) };
  });
  return {
    width,
    layers: shapes,
    convs,
    norms: layersOf(layers, "norm").map((norm) => createNormLayer(norm.channels)),
    biases: isSpectral ? shapes.map(({ small }) => createParameter(small)) : [],
    spectral: isSpectral ? spectral : [],
    head,
    bias: createParameter(1),
  };
}

function batchOf({ layers }: Discriminator, images: ArrayLike<number>): number {
  return images.length / (4 * layers[0].pixels ** 2 * layers[0].big);
}

/** The weights of a convolution, or behind them of the head, as the layer uses them. */
function seen({ convs, head, spectral }: Discriminator, i: number): Float64Array {
  return spectral[i]?.seen ?? (convs[i] ?? head).value;
}

/** What comes before a pass, or one of photos and of generated pictures together. */
export function prepareDiscriminator({ spectral }: Discriminator): void {
  for (const layer of spectral) {
    iterate(layer.weight.value, layer);
    layer.seen.set(normalise(layer.weight.value, layer));
  }
}

/** What comes behind the backward passes: gradients become those of the weights that are trained. */
export function finishDiscriminatorGradients({ spectral }: Discriminator): void {
  for (const layer of spectral) {
    const { value, gradient } = layer.weight;
    gradient.set(normaliseBackward(gradient, value, layer));
  }
}

/** Scores of pictures [batch, size, size, channels]. */
export function discriminatorForward(net: Discriminator, images: Float64Array): DiscriminatorPass {
  const batch = batchOf(net, images);
  const norms: NormPass[] = [];
  const y: Float64Array[] = [];
  net.layers.forEach((layer, i) => {
    const x = down(y[i - 1] ?? images, seen(net, i), convShape(layer, batch));
    if (net.biases.length > 0) {
      const bias = net.biases[i].value;
      y.push(activate(x.map((value, at) => value + bias[at % bias.length]), "leaky"));
    } else if (i === 0) {
      y.push(activate(x, "leaky"));
    } else {
      norms.push(normForward(net.norms[i - 1], x, "leaky", "train"));
      y.push(norms[i - 1].y);
    }
  });
  const scores = headForward(y.at(-1)!, seen(net, net.layers.length), net.bias.value[0], batch);
  return { images, y, norms, scores };
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
  const { layers, convs, norms, biases } = net;
  const batch = batchOf(net, pass.images);
  const { dx, dw, db } = headBackward(dScores, pass.y.at(-1)!, seen(net, layers.length));
  accumulate(net.head.gradient, dw);
  accumulate(net.bias.gradient, [db]);
  let dy = dx;
  for (let i = convs.length - 1; i >= 0; i--) {
    const conv = convShape(layers[i], batch);
    const dConv = pass.norms[i - 1]
      ? normBackwardInto(norms[i - 1], pass.norms[i - 1], dy, "leaky")
      : activationGradient(dy, pass.y[i], "leaky");
    const bias = biases[i]?.gradient;
    if (bias) dConv.forEach((value, at) => bias[at % bias.length] += value);
    accumulate(convs[i].gradient, convWeightGradient(pass.y[i - 1] ?? pass.images, dConv, conv));
    dy = up(dConv, seen(net, i), conv);
  }
  return dy;
}

/** Everything Adam updates. */
export function discriminatorParameters(net: Discriminator): Parameter[] {
  const { convs, norms, biases, head, bias } = net;
  return [...convs, ...norms.flatMap(({ gamma, beta }) => [gamma, beta]), ...biases, head, bias];
}
