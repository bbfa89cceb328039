/**
 * Weights that other programs trained: PyTorch's DCGAN example, its tutorial, and what grew out of
 * them (https://github.com/pytorch/examples/tree/main/dcgan).
 *
 * Their networks are an `nn.Sequential` of these layers, so a tensor's name ends in the layer's number
 * and its field: `main.0.weight`. What stands before that says which network it is, or nothing. Size,
 * width, noise length and channels are read off the shapes.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Tensor } from "../format/safetensors.ts";
import {
  type Architecture,
  discriminatorTensors,
  generatorTensors,
  PICTURE_SIZES,
  type PictureSize,
  SMALLEST,
} from "../model/layers.ts";
import { misfits, shapeText } from "../model/misfits.ts";
import type { TensorSpec } from "../model/parameters.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkSettings } from "./settings.ts";

/** A network's tensors by our names. */
type Network = Map<string, Tensor>;

/** The networks of a file, by the prefix a checkpoint gives them. */
type Role = "G." | "D." | "ema.G.";

const TENSOR =
  /^((?:[^.]+\.)*)(\d+\.(?:weight|bias|running_mean|running_var|num_batches_tracked))$/;
/** Parts of names that say nothing: PyTorch's wrappers, and what the row of layers is called. */
const WRAPPERS = new Set(["module", "_orig_mod", "main", "model", "net", "network", "layers"]);
const GENERATORS = new Set(["netg", "g", "gen", "generator"]);
const DISCRIMINATORS = new Set(["netd", "d", "dis", "disc", "discriminator"]);

/** The most misfits that a message names. */
const MOST_NAMED = 12;

/**
 * A checkpoint of step 0 with these weights and no moments of Adam: it draws, and `Trainer.fineTune()`
 * begins with it. The loss is the example's cross-entropy. `warn` takes a line for a discriminator
 * that does not go with the generator and is left out, and for a noise vector that is lengthened.
 *
 * @throws {UserError} If there is no generator that fits; the line names what does not, tensor by
 * tensor.
 */
export function weightsFromElsewhere(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  warn: (line: string) => void = () => {},
): Checkpoint {
  const networks = sortOut(tensors, name);
  const generator = networks.get("ema.G.") ?? networks.get("G.");
  if (!generator) {
    throw new UserError(`${name} holds a discriminator alone: give the generator's file`);
  }
  const architecture = architectureOf(generator, name);
  const found = new Map<string, Tensor>();
  const add = (role: Role, network: Network): void =>
    network.forEach((tensor, key) => found.set(role + key, tensor));
  for (const role of ["G.", "ema.G."] as const) {
    const network = networks.get(role);
    if (!network) continue;
    const whole = completed(network, generatorTensors(architecture).tensors);
    demandFit(whole, generatorTensors(architecture).tensors, `${name} does not fit`);
    add(role, whole);
  }
  const discriminator = networks.get("D.");
  if (discriminator) {
    const expected = asInFile(discriminatorTensors(architecture).tensors, discriminator);
    const whole = completed(discriminator, expected);
    try {
      demandFit(whole, expected, `the discriminator of ${name} does not go with its generator`);
      add("D.", withOurHead(whole, architecture));
    } catch (error) {
      warn(`${(error as Error).message}; it is left out`);
    }
  }
  const { nz } = architecture;
  const padded = Math.ceil(nz / 4) * 4;
  if (padded !== nz) {
    // Rows of zeros: whatever noise meets them, the pictures stay the same.
    for (const role of ["G.", "ema.G."]) {
      const weight = found.get(`${role}main.0.weight`);
      if (weight) found.set(`${role}main.0.weight`, withRows(weight, padded));
    }
    warn(`the noise of ${name} has ${nz} numbers: ${padded - nz} without effect are added`);
  }
  const settings = checkSettings({ ...architecture, nz: padded, loss: "bce", ema: 0 });
  return { settings, stepsDone: 0, tensors: found };
}

/**
 * Refuses a file of PyTorch's own kind, which holds a program (a pickle) that only Python runs.
 *
 * @throws {UserError} Saying how to convert it.
 */
export function refusePickle(bytes: Uint8Array, name: string): void {
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
  const pickle = bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5 &&
    bytes[8] !== 0x7b; // a safetensors header begins there
  if (!zip && !pickle) return;
  const file = JSON.stringify(name);
  const target = JSON.stringify(`${name.replace(/\.[a-z]+$/i, "")}.safetensors`);
  throw new UserError(
    `${name} is one of PyTorch's own files; these two lines of Python convert it:\n` +
      `import torch, safetensors.torch\n` +
      `safetensors.torch.save_file(torch.load(${file}, map_location="cpu"), ${target})`,
  );
}

/** Sorts a file's tensors by network, under our names. */
function sortOut(tensors: ReadonlyMap<string, Tensor>, name: string): Map<Role, Network> {
  const groups = new Map<string, Network>();
  const keys = new Map<Network, string[]>();
  const unknown: string[] = [];
  for (const [key, tensor] of tensors) {
    const [, prefix, rest] = TENSOR.exec(key) ?? [];
    if (rest === undefined) {
      unknown.push(key);
      continue;
    }
    const words = prefix.split(".").filter((word) => word !== "" && !WRAPPERS.has(word));
    const group = words.join(".").toLowerCase();
    const network = groups.get(group) ?? new Map();
    groups.set(group, network.set(`main.${rest}`, tensor));
    keys.set(network, [...keys.get(network) ?? [], key]);
  }
  const networks = new Map<Role, Network>();
  for (const [group, network] of groups) {
    const role = roleOf(group, network);
    if (role && !networks.has(role)) networks.set(role, network);
    else unknown.push(...keys.get(network)!);
  }
  if (unknown.length > 0 || networks.size === 0) {
    throw new UserError(
      `${name} is neither a facadegan checkpoint nor the weights of a DCGAN, whose tensors are named ` +
        `as in PyTorch's example (main.0.weight, netG.main.0.weight): ` +
        (unknown.length > 0 ? `it holds ${listed(unknown, ", ")}` : "it holds no tensors"),
    );
  }
  return networks;
}

function roleOf(group: string, network: Network): Role | undefined {
  if (GENERATORS.has(group)) return "G.";
  if (DISCRIMINATORS.has(group)) return "D.";
  if (group.startsWith("ema.") && GENERATORS.has(group.slice(4))) return "ema.G.";
  // Without a word for it: only a generator normalises behind its first layer.
  return group !== "" ? undefined : network.has("main.1.weight") ? "G." : "D.";
}

/** Reads size, width and noise length off a generator's shapes. */
function architectureOf(generator: Network, name: string): Architecture {
  const shapes = [...generator].filter(([, { shape }]) => shape.length === 4)
    .sort(([a], [b]) => layerNumber(a) - layerNumber(b)).map(([, { shape }]) => shape);
  if (shapes.length < 2) {
    throw new UserError(`${name} holds no generator: it has ${shapes.length} convolutions`);
  }
  const size = SMALLEST << (shapes.length - 1);
  const [nz, width] = [shapes[0][0], shapes.at(-1)![0]];
  if (!PICTURE_SIZES.includes(size as PictureSize)) {
    throw new UserError(
      `the generator of ${name} has ${shapes.length} convolutions, so it draws ${size}x${size} ` +
        `pictures; facadegan knows ${PICTURE_SIZES.join(", ")}`,
    );
  }
  if (width < 4 || width % 4 !== 0) {
    throw new UserError(
      `the generator of ${name} has width ${width} (its last convolution is ` +
        `${shapeText(shapes.at(-1)!)}); facadegan takes multiples of 4`,
    );
  }
  // Other channels than 1 and 3 are told of as a tensor that does not fit.
  const channels = shapes.at(-1)![1] === 1 ? 1 : 3;
  return { size: size as PictureSize, width, nz, channels };
}

function layerNumber(key: string): number {
  return Number(/\d+/.exec(key)![0]);
}

/** In our order, with PyTorch's counters, which decide nothing and may be lacking. */
function completed(network: Network, expected: readonly TensorSpec[]): Network {
  const counters = expected.filter(({ home }) => home === "counter").map(({ name }) => name);
  const zero: Tensor = { shape: [], data: new Float32Array(1) };
  const all = new Map([...counters.map((name) => [name, zero] as const), ...network]);
  const known = expected.flatMap(({ name }) => all.has(name) ? [name] : []);
  return new Map([...known, ...all.keys()].map((name) => [name, all.get(name)!]));
}

/**
 * The example's discriminator ends in a convolution of the whole 4x4 pixels, mostly without a bias, ours
 * in a linear layer behind a flatten: the same numbers in the same order, one place further on.
 */
function asInFile(expected: readonly TensorSpec[], discriminator: Network): TensorSpec[] {
  const [weight, bias] = expected.slice(-2);
  const head = layerNumber(weight.name);
  const theirs = `main.${head - 1}`;
  if (discriminator.get(`${theirs}.weight`)?.shape.length !== 4) return [...expected];
  const shape = [1, weight.shape[1] / SMALLEST ** 2, SMALLEST, SMALLEST];
  return [
    ...expected.slice(0, -2),
    { ...weight, name: `${theirs}.weight`, shape },
    ...(discriminator.has(`${theirs}.bias`) ? [{ ...bias, name: `${theirs}.bias` }] : []),
  ];
}

/** A discriminator that fits, with our head. */
function withOurHead(discriminator: Network, architecture: Architecture): Network {
  const [weight, bias] = discriminatorTensors(architecture).tensors.slice(-2);
  if (discriminator.has(weight.name)) return discriminator;
  const theirs = `main.${layerNumber(weight.name) - 1}`;
  const ours = new Map(discriminator);
  const take = (field: string): Float32Array<ArrayBuffer> | undefined => {
    const data = ours.get(`${theirs}.${field}`)?.data;
    ours.delete(`${theirs}.${field}`);
    return data;
  };
  ours.set(weight.name, { shape: weight.shape, data: take("weight")! });
  ours.set(bias.name, { shape: bias.shape, data: take("bias") ?? new Float32Array(1) });
  return ours;
}

function demandFit(network: Network, expected: readonly TensorSpec[], beginning: string): void {
  const names = new Set(expected.map(({ name }) => name));
  const extra = [...network.keys()].filter((key) => !names.has(key));
  const all = [
    ...misfits(expected, network),
    ...extra.map((key) => `there should be no tensor ${key}`),
  ];
  if (all.length > 0) throw new UserError(`${beginning}: ${listed(all, "; ")}`);
}

function listed(phrases: readonly string[], separator: string): string {
  const more = phrases.length - MOST_NAMED;
  const named = phrases.slice(0, MOST_NAMED);
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(separator);
}

function withRows({ shape, data }: Tensor, rows: number): Tensor {
  const longer = new Float32Array(rows * data.length / shape[0]);
  longer.set(data);
  return { shape: [rows, ...shape.slice(1)], data: longer };
}
