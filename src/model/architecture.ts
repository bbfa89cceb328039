/**
 * The two networks as data: which tensors they have, named as PyTorch names them, and how they
 * start (Radford et al., "Unsupervised Representation Learning with DCGANs", ICLR 2016).
 *
 * @module
 */

import { type ParameterTable, placeTensors, type TensorSpec } from "./parameters.ts";

/** Channels of an image on the GPU: three colours and a zero, so that every load is a vec4. */
export const IMAGE_CHANNELS = 4;

const CONV_INITIAL = { kind: "normal", mean: 0, deviation: 0.02 } as const;

function conv(name: string, big: number, small: number): TensorSpec {
  const padded = Math.max(big, IMAGE_CHANNELS);
  return {
    name: `${name}.weight`,
    shape: [small, big, 4, 4],
    home: "parameters",
    layout: { kind: "conv", big, small, padded },
    initial: CONV_INITIAL,
  };
}

function norm(name: string, channels: number): TensorSpec[] {
  const vector = (
    field: string,
    home: TensorSpec["home"],
    initial: TensorSpec["initial"],
  ): TensorSpec => ({
    name: `${name}.${field}`,
    shape: home === "counter" ? [] : [channels],
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

/** The generator's tensors: main.0 noise to 4x4, main.3, .6, .9 up to 32x32, main.12 to the image. */
export function generatorTensors(width: number, nz: number): ParameterTable {
  const channels = [8 * width, 4 * width, 2 * width, width];
  return placeTensors([
    {
      name: "main.0.weight",
      shape: [nz, channels[0], 4, 4],
      home: "parameters",
      layout: { kind: "project", inputs: nz, channels: channels[0] },
      initial: CONV_INITIAL,
    },
    ...norm("main.1", channels[0]),
    conv("main.3", channels[1], channels[0]),
    ...norm("main.4", channels[1]),
    conv("main.6", channels[2], channels[1]),
    ...norm("main.7", channels[2]),
    conv("main.9", channels[3], channels[2]),
    ...norm("main.10", channels[3]),
    conv("main.12", 3, channels[3]),
  ]);
}

/** The discriminator's tensors: main.0, .2, .5, .8 down to 4x4, main.12 the linear head. */
export function discriminatorTensors(width: number): ParameterTable {
  const features = 16 * 8 * width;
  const bound = 1 / Math.sqrt(features); // PyTorch's default for a linear layer
  return placeTensors([
    conv("main.0", 3, width),
    conv("main.2", width, 2 * width),
    ...norm("main.3", 2 * width),
    conv("main.5", 2 * width, 4 * width),
    ...norm("main.6", 4 * width),
    conv("main.8", 4 * width, 8 * width),
    ...norm("main.9", 8 * width),
    {
      name: "main.12.weight",
      shape: [1, features],
      home: "parameters",
      layout: { kind: "head", channels: 8 * width },
      initial: { kind: "uniform", bound },
    },
    {
      name: "main.12.bias",
      shape: [1],
      home: "parameters",
      layout: { kind: "plain" },
      initial: { kind: "uniform", bound },
    },
  ]);
}
