/** Files of weights as PyTorch's users have them, and the networks that they hold. */

import type { Tensor } from "../src/format/safetensors.ts";
import { discriminatorTensors, generatorTensors } from "../src/model/layers.ts";
import { hash4 } from "../src/random.ts";
import { checkSettings, type GivenSettings } from "../src/train/settings.ts";

/** What tensors are written as. */
export type NumberKind = "F32" | "F16" | "BF16";

/** The bytes of a number as `kind` holds it, and the float32 number that this then is. */
function written(kind: NumberKind, data: Float32Array): [Uint8Array, Float32Array] {
  if (kind === "F32") return [new Uint8Array(data.slice().buffer), data];
  if (kind === "F16") {
    const half = Float16Array.from(data);
    return [new Uint8Array(half.buffer), Float32Array.from(half)];
  }
  const bits = new Uint32Array(data.slice().buffer);
  const rounded = bits.map((word) => (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000);
  return [
    new Uint8Array(Uint16Array.from(rounded, (word) => word >>> 16).buffer),
    new Float32Array(rounded.buffer),
  ];
}

/** A safetensors file as PyTorch writes it: counters are int64, the metadata say `pt`. */
export function weightsFile(
  tensors: Iterable<readonly [string, Tensor]>,
  kind: NumberKind = "F32",
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const counter = name.endsWith("num_batches_tracked");
    const bytes = counter
      ? new Uint8Array(BigInt64Array.of(BigInt(data[0])).buffer)
      : written(kind, data)[0];
    header[name] = {
      dtype: counter ? "I64" : kind,
      shape,
      data_offsets: [end, end += bytes.length],
    };
    parts.push(bytes);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(BigUint64Array.of(BigInt(json.length)).buffer);
  const file = new Uint8Array(8 + json.length + end);
  let at = 0;
  for (const part of [length, json, ...parts]) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The tensors as they are after having been written as `kind`. */
export function asWritten(
  tensors: ReadonlyMap<string, Tensor>,
  kind: NumberKind,
): Map<string, Tensor> {
  return new Map([...tensors].map(([name, { shape, data }]): [string, Tensor] => [
    name,
    {
      shape,
      data: name.endsWith("num_batches_tracked") ? data : Float32Array.from(written(kind, data)[1]),
    },
  ]));
}

/** Weights as training leaves them: every tensor different, variances positive. */
function someWeights(
  expected: readonly { readonly name: string; readonly shape: readonly number[] }[],
  seed: number,
): Map<string, Tensor> {
  return new Map(expected.map(({ name, shape }, i): [string, Tensor] => {
    const count = shape.reduce((product, size) => product * size, 1);
    const noise = (j: number): number => hash4(seed, i, j, 0)[0] / 2 ** 32 - 0.5;
    const [middle, spread] = name.endsWith("running_var")
      ? [1, 1]
      : name.endsWith("num_batches_tracked")
      ? [7, 0]
      : shape.length === 1 && name.endsWith("weight")
      ? [1, 0.4]
      : [0, 3 / Math.sqrt(shape[0] || 1)]; // values keep their size from layer to layer
    return [name, {
      shape,
      data: Float32Array.from({ length: count }, (_, j) => middle + spread * noise(j)),
    }];
  }));
}

/** A generator by the names of PyTorch's example. */
export function exampleGenerator(given: GivenSettings = {}): Map<string, Tensor> {
  const settings = checkSettings({ size: 32, width: 4, nz: 8, ...given });
  return someWeights(generatorTensors(settings).tensors, 1);
}

/** A discriminator as in PyTorch's example: it ends in a convolution without bias. */
export function exampleDiscriminator(given: GivenSettings = {}): Map<string, Tensor> {
  const settings = checkSettings({ size: 32, width: 4, ...given });
  const specs = discriminatorTensors(settings).tensors.slice(0, -2).map(({ name, shape }) => ({
    name,
    shape,
  }));
  const convs = Math.log2(settings.size / 4);
  const channels = settings.width << (convs - 1);
  return someWeights(
    [...specs, { name: `main.${3 * convs - 1}.weight`, shape: [1, channels, 4, 4] }],
    2,
  );
}

/** The same under other names. */
export function renamed(
  tensors: ReadonlyMap<string, Tensor>,
  name: (old: string) => string,
): [string, Tensor][] {
  return [...tensors].map(([old, tensor]) => [name(old), tensor]);
}
