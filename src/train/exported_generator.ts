/**
 * A checkpoint's generator for other programs: its state dictionary alone, and as a graph that any
 * ONNX runtime draws with.
 *
 * @module
 */

import { encodeOnnx, type OnnxNode } from "../format/onnx.ts";
import { encodeSafetensors, type Tensor } from "../format/safetensors.ts";
import { generatorLayers, generatorTensors } from "../model/layers.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { chooseWeights } from "./loaded_generator.ts";
import type { WeightChoice } from "./trainer.ts";

/** A generator as files, and which of the checkpoint's weights it has. */
export interface ExportedGenerator {
  /** Safetensors under PyTorch's names, `main.0.weight`: what `load_state_dict` of its example takes. */
  readonly safetensors: Uint8Array<ArrayBuffer>;
  /** ONNX: `noise` [N, nz, 1, 1] to `images` [N, channels, size, size] in [-1, 1], in evaluation mode. */
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** Whether they are the moving average's. */
  readonly weights: WeightChoice;
}

/** What PyTorch adds to a variance before it takes the root. */
const EPSILON = 1e-5;

/**
 * Exports a checkpoint's generator: its moving average where it has one, unless told otherwise.
 * `producer` is the program that the ONNX file names, and its version.
 *
 * @throws {UserError} If the checkpoint lacks the weights asked for.
 */
export function exportGenerator(
  checkpoint: Checkpoint,
  producer: readonly [name: string, version: string],
  options: { readonly weights?: WeightChoice } = {},
): ExportedGenerator {
  const { settings, stepsDone } = checkpoint;
  const weights = chooseWeights(checkpoint, options.weights);
  const prefix = weights === "ema" ? "ema.G." : "G.";
  const tensors = new Map(
    generatorTensors(settings).tensors.map(({ name }): [string, Tensor] => [
      name,
      checkpoint.tensors.get(prefix + name)!,
    ]),
  );
  const metadata = { step: String(stepsDone), weights, settings: JSON.stringify(settings) };
  const nodes = generatorNodes(checkpoint);
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return {
    weights,
    safetensors: encodeSafetensors(tensors, { format: "pt", ...metadata }),
    onnx: encodeOnnx({
      name: "generator",
      nodes,
      weights: new Map([...tensors].filter(([name]) => used.has(name))),
      inputs: [{ name: "noise", shape: ["N", settings.nz, 1, 1] }],
      outputs: [{ name: "images", shape: ["N", settings.channels, settings.size, settings.size] }],
      metadata,
      producer,
    }),
  };
}

/** The layers as operators: each reads what the one before it made. */
function generatorNodes({ settings }: Checkpoint): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  let value = "noise";
  const add = (operator: string, output: string, rest: Partial<OnnxNode> = {}): void => {
    const { inputs = [], attributes = {} } = rest;
    nodes.push({ operator, inputs: [value, ...inputs], output, attributes });
    value = output;
  };
  for (const layer of generatorLayers(settings)) {
    const { kind, name } = layer;
    if (kind === "norm") {
      const inputs = ["weight", "bias", "running_mean", "running_var"].map((f) => `${name}.${f}`);
      add("BatchNormalization", name, { inputs, attributes: { epsilon: { float: EPSILON } } });
      add("Relu", `${name}.relu`);
      continue;
    }
    const [stride, padding] = kind === "project" ? [1, 0] : [2, 1];
    const attributes = {
      kernel_shape: { integers: [4, 4] },
      strides: { integers: [stride, stride] },
      pads: { integers: [padding, padding, padding, padding] },
    };
    add("ConvTranspose", name, { inputs: [`${name}.weight`], attributes });
  }
  add("Tanh", "images");
  return nodes;
}
