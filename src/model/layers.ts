/**
 * The one table of layers: names, shapes, parameters and work of both networks at every
 * picture size (Radford et al., "Unsupervised Representation Learning with DCGANs", ICLR 2016).
 *
 * The networks are mirror images. Between the picture and 4x4 pixels stand log2(size) - 2
 * convolutions; each halves the picture and, but for the first, doubles the channels. Generator,
 * discriminator, parameter layout, initialisation, cost model, reference and checkpoint read this.
 *
 * @module
 */

import type { ConvShape, Product } from "../ops/conv/product.ts";
import { elements, type ParameterTable, placeTensors, type TensorSpec } from "./parameters.ts";

/** Pixels a side that the networks can be built for. */
export const PICTURE_SIZES = [32, 64, 128, 256] as const;

/** One of {@linkcode PICTURE_SIZES}. */
export type PictureSize = typeof PICTURE_SIZES[number];

/** Channels of a picture: grey, or red, green and blue. */
export type Channels = 1 | 3;

/** All choices of {@linkcode Channels}. */
export const CHANNELS: readonly Channels[] = [1, 3];

/** Channels of a picture on the GPU: its own, then zeros, so that every load is a vec4. */
export const IMAGE_CHANNELS = 4;

/** Pixels a side of the smallest feature maps: where the noise enters and the head looks. */
export const SMALLEST = 4;

/**
 * What keeps the discriminator steady. `batch`: batch norm behind its convolutions, as in the book.
 * `spectral`: no such layer, but weights divided by their largest singular value, and biases.
 */
export const DISCRIMINATOR_NORMS = ["batch", "spectral"] as const;

/** One of {@linkcode DISCRIMINATOR_NORMS}. */
export type DiscriminatorNorm = typeof DISCRIMINATOR_NORMS[number];

/** What decides the shapes of both networks. */
export interface Architecture {
  /** Pixels a side of a picture. */
  readonly size: PictureSize;
  /** Channels next to the picture: the fewest of any hidden layer. */
  readonly width: number;
  /** Length of the noise vector. */
  readonly nz: number;
  /** Channels of a picture; left out: 3. */
  readonly channels?: Channels;
  /** What keeps the discriminator steady; left out: batch norm. */
  readonly normD?: DiscriminatorNorm;
}

/** A layer of either network; `name` is PyTorch's, its parameters hang below it. */
export type Layer =
  /** Noise [nz] to 4x4 pixels of `channels`: a transposed convolution of one pixel. */
  | {
    readonly kind: "project";
    readonly name: string;
    readonly inputs: number;
    readonly channels: number;
  }
  /** A 4x4 convolution of stride 2 between `big` channels and `small` ones at `pixels` a side. */
  | {
    readonly kind: "conv";
    readonly name: string;
    readonly pixels: number;
    readonly big: number;
    readonly small: number;
    /** Whether its weights are spectrally normalised; it then has a bias, too. */
    readonly spectral?: boolean;
  }
  /** Batch norm of `channels` at `pixels` a side. */
  | {
    readonly kind: "norm";
    readonly name: string;
    readonly pixels: number;
    readonly channels: number;
  }
  /** All of 4x4 pixels of `channels` to one score. */
  | {
    readonly kind: "head";
    readonly name: string;
    readonly channels: number;
    readonly spectral?: boolean;
  };

/** A layer of one kind. */
export type LayerOf<Kind extends Layer["kind"]> = Layer & { readonly kind: Kind };

/** The convolutions both networks share the shapes of, from the picture to 4x4. */
function convolutions(
  { size, width, channels = 3 }: Architecture,
): Omit<LayerOf<"conv">, "name">[] {
  return Array.from({ length: Math.log2(size / SMALLEST) }, (_, i) => ({
    kind: "conv",
    pixels: size >> (i + 1),
    big: i === 0 ? channels : width << (i - 1),
    small: width << i,
  }));
}

/** The generator's layers, in the order of its `main`: layer, norm, activation, three by three. */
export function generatorLayers(architecture: Architecture): Layer[] {
  const convs = convolutions(architecture).reverse();
  const channels = convs[0].small;
  return [
    { kind: "project", name: "main.0", inputs: architecture.nz, channels },
    ...convs.flatMap((conv, i): Layer[] => [
      { kind: "norm", name: `main.${3 * i + 1}`, pixels: conv.pixels, channels: conv.small },
      { ...conv, name: `main.${3 * i + 3}` },
    ]),
  ];
}

/** The discriminator's layers: no norm behind the first, flatten and head at the end. */
export function discriminatorLayers(architecture: Architecture): Layer[] {
  const convs = convolutions(architecture);
  const { small: channels } = convs.at(-1)!;
  if (architecture.normD === "spectral") {
    return [
      ...convs.map((conv, i): Layer => ({ ...conv, name: `main.${2 * i}`, spectral: true })),
      { kind: "head", name: `main.${2 * convs.length + 1}`, channels, spectral: true },
    ];
  }
  return [
    ...convs.flatMap((conv, i): Layer[] => {
      if (i === 0) return [{ ...conv, name: "main.0" }];
      return [
        { ...conv, name: `main.${3 * i - 1}` },
        { kind: "norm", name: `main.${3 * i}`, pixels: conv.pixels, channels: conv.small },
      ];
    }),
    { kind: "head", name: `main.${3 * convs.length}`, channels },
  ];
}

/** The layers of one kind, in order. */
export function layersOf<Kind extends Layer["kind"]>(
  layers: readonly Layer[],
  kind: Kind,
): LayerOf<Kind>[] {
  return layers.filter((layer): layer is LayerOf<Kind> => layer.kind === kind);
}

/** A convolution's shape on the GPU, where pictures have their fourth channel. */
export function convShape(
  { pixels, big, small }: LayerOf<"conv">,
  batch: number,
  half = false,
): ConvShape {
  const padded = Math.max(big, IMAGE_CHANNELS);
  return { batch, height: pixels, width: pixels, big: padded, small, half };
}

/** The name of a convolution's or head's weights: of those that are trained. */
export function weightName({ name, spectral }: LayerOf<"conv"> | LayerOf<"head">): string {
  return spectral ? `${name}.parametrizations.weight.original` : `${name}.weight`;
}

/** The names of the singular vectors of spectrally normalised weights. */
export function singularNames({ name }: LayerOf<"conv"> | LayerOf<"head">): [u: string, v: string] {
  return [`${name}.parametrizations.weight.0._u`, `${name}.parametrizations.weight.0._v`];
}

const CONV_INITIAL = { kind: "normal", mean: 0, deviation: 0.02 } as const;

/** Weights, and where they are spectrally normalised their singular vectors behind them. */
function weightTensors(
  layer: LayerOf<"conv"> | LayerOf<"head">,
  weight: Omit<TensorSpec, "name" | "home">,
): TensorSpec[] {
  const matrix = weightName(layer);
  const all: TensorSpec[] = [{ ...weight, name: matrix, home: "parameters" }];
  if (!layer.spectral) return all;
  const [rows, ...columns] = weight.shape;
  const [u, v] = singularNames(layer);
  const { layout } = weight;
  return [...all, {
    name: u,
    shape: [rows],
    home: "running",
    layout: { kind: "plain" },
    initial: { kind: "singular", matrix, side: "left" },
  }, {
    name: v,
    shape: [elements(columns)],
    home: "running",
    layout: layout.kind === "conv" ? { ...layout, small: 1 } : layout,
    initial: { kind: "singular", matrix, side: "right" },
  }];
}

/** The tensors of a layer, in PyTorch's order. */
function layerTensors(layer: Layer): TensorSpec[] {
  const { name } = layer;
  switch (layer.kind) {
    case "project": {
      const { inputs, channels } = layer;
      return [{
        name: `${name}.weight`,
        shape: [inputs, channels, SMALLEST, SMALLEST],
        home: "parameters",
        layout: { kind: "project", inputs, channels },
        initial: CONV_INITIAL,
      }];
    }
    case "conv": {
      const { big, small, spectral } = layer;
      const weights = weightTensors(layer, {
        shape: [small, big, 4, 4],
        layout: { kind: "conv", big, small, padded: Math.max(big, IMAGE_CHANNELS) },
        initial: CONV_INITIAL,
      });
      if (!spectral) return weights;
      return [{
        name: `${name}.bias`,
        shape: [small],
        home: "parameters",
        layout: { kind: "plain" },
        initial: { kind: "constant", value: 0 },
      }, ...weights];
    }
    case "norm": {
      const vector = (
        field: string,
        home: TensorSpec["home"],
        initial: TensorSpec["initial"],
      ): TensorSpec => ({
        name: `${name}.${field}`,
        shape: home === "counter" ? [] : [layer.channels],
        home,
        layout: { kind: "plain" },
        initial,
      });
      return [
        vector("weight", "parameters", { kind: "normal", mean: 1, deviation: 0.02 }),
        vector("bias", "parameters", { kind: "constant", value: 0 }),
        vector("running_mean", "running", { kind: "constant", value: 0 }),
        vector("running_var", "running", { kind: "constant", value: 1 }),
        vector("num_batches_tracked", "counter", { kind: "constant", value: 0 }),
      ];
    }
    case "head": {
      const features = SMALLEST * SMALLEST * layer.channels;
      const bound = 1 / Math.sqrt(features); // PyTorch's default for a linear layer
      const weights = weightTensors(layer, {
        shape: [1, features],
        layout: { kind: "head", channels: layer.channels },
        initial: { kind: "uniform", bound },
      });
      const bias: TensorSpec = {
        name: `${name}.bias`,
        shape: [1],
        home: "parameters",
        layout: { kind: "plain" },
        initial: { kind: "uniform", bound },
      };
      return layer.spectral ? [bias, ...weights] : [...weights, bias]; // PyTorch's order
    }
  }
}

/** The generator's tensors, each with its place. */
export function generatorTensors(architecture: Architecture): ParameterTable {
  return placeTensors(generatorLayers(architecture).flatMap(layerTensors));
}

/** The discriminator's tensors, each with its place. */
export function discriminatorTensors(architecture: Architecture): ParameterTable {
  return placeTensors(discriminatorLayers(architecture).flatMap(layerTensors));
}

/** A product of a shape and how often a training step needs it. */
export interface Work {
  /** What is computed. */
  readonly product: Product;
  /** Its sizes. */
  readonly shape: ConvShape;
  /** Times a step. */
  readonly times: number;
}

/**
 * The products of a training step. It takes the discriminator forward three times and back three
 * times (the last time without its weights), the generator once each way.
 */
export function trainingWork(architecture: Architecture, batch: number, half = false): Work[] {
  return layersOf(discriminatorLayers(architecture), "conv").flatMap((conv, i): Work[] => {
    // The discriminator takes photos and generated pictures at once; all else is about the latter.
    const [both, shape] = [2 * batch, batch].map((pictures) => convShape(conv, pictures, half));
    return [
      { product: "down", shape: both, times: 1 },
      { product: "down", shape, times: 2 },
      // The pictures' own gradient is needed only when the generator learns.
      ...(i === 0 ? [] : [{ product: "up", shape: both, times: 1 } as const]),
      { product: "up", shape, times: 2 },
      { product: "weight gradient", shape: both, times: 1 },
      { product: "weight gradient", shape, times: 1 },
    ];
  });
}
