/**
 * Where each parameter of a network lives: PyTorch's names, shapes and order on the outside, one
 * flat buffer in the kernels' layout on the inside. The two meet here and nowhere else.
 *
 * @module
 */

import { SLICE_FLOATS } from "../gpu/buffers.ts";

/** How a parameter's elements are laid out on the GPU. */
export type Layout =
  /** As PyTorch has them. */
  | { readonly kind: "plain" }
  /** PyTorch's [small, big, 4, 4] as [tap][big, padded][small]. */
  | { readonly kind: "conv"; readonly big: number; readonly small: number; readonly padded: number }
  /** PyTorch's [nz, channels, 4, 4] as [nz][pixel][channels]. */
  | { readonly kind: "project"; readonly inputs: number; readonly channels: number }
  /** PyTorch's [1, channels * 16], pictures flattened channel by channel, as [pixel][channels]. */
  | { readonly kind: "head"; readonly channels: number };

/** How a parameter starts. */
export type Initial =
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "constant"; readonly value: number }
  /** A singular vector of a tensor, seen as a matrix of its first axis and all others. */
  | { readonly kind: "singular"; readonly matrix: string; readonly side: "left" | "right" };

/** A tensor of a network's state dictionary. */
export interface TensorSpec {
  /** PyTorch's name, without the network's prefix. */
  readonly name: string;
  /** PyTorch's shape. */
  readonly shape: readonly number[];
  /** Which flat buffer holds it; `counter` tensors are one number kept on the host. */
  readonly home: "parameters" | "running" | "counter";
  /** How it is laid out there. */
  readonly layout: Layout;
  /** How it starts. */
  readonly initial: Initial;
}

/** A tensor's place in its flat buffer. */
export interface PlacedTensor extends TensorSpec {
  /** Where it starts, in floats; a multiple of 64. */
  readonly offset: number;
  /** Its length there, in floats, padding channels included. */
  readonly floats: number;
}

/** A network's tensors in PyTorch's order, and the lengths of its flat buffers in floats. */
export interface ParameterTable {
  /** In the order of PyTorch's state_dict. */
  readonly tensors: readonly PlacedTensor[];
  /** Length of the flat parameter buffer. */
  readonly parameterCount: number;
  /** Length of the flat buffer of running statistics. */
  readonly runningCount: number;
}

/** Elements of a shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Gives every tensor its place. */
export function placeTensors(specs: readonly TensorSpec[]): ParameterTable {
  const ends = { parameters: 0, running: 0, counter: 0 };
  const tensors = specs.map((spec): PlacedTensor => {
    const floats = spec.layout.kind === "conv"
      ? 16 * spec.layout.padded * spec.layout.small
      : elements(spec.shape);
    // A mean and its variance are one binding: no gap between them (channels are multiples of 4).
    const align = spec.name.endsWith("running_var") ? 4 : SLICE_FLOATS;
    const offset = Math.ceil(ends[spec.home] / align) * align;
    ends[spec.home] = offset + floats;
    return { ...spec, offset, floats };
  });
  const round = (floats: number) => Math.max(1, Math.ceil(floats / SLICE_FLOATS)) * SLICE_FLOATS;
  return {
    tensors,
    parameterCount: round(ends.parameters),
    runningCount: round(ends.running),
  };
}

/** For each element in PyTorch's order, calls `visit` with its place on the GPU, from 0. */
function forEachElement(
  { layout, shape }: TensorSpec,
  visit: (torch: number, ours: number) => void,
): void {
  switch (layout.kind) {
    case "plain": {
      const count = elements(shape);
      for (let i = 0; i < count; i++) visit(i, i);
      return;
    }
    case "conv": {
      const { big, small, padded } = layout;
      for (let s = 0, i = 0; s < small; s++) {
        for (let b = 0; b < big; b++) {
          for (let tap = 0; tap < 16; tap++, i++) visit(i, (tap * padded + b) * small + s);
        }
      }
      return;
    }
    case "project": {
      const { inputs, channels } = layout;
      for (let k = 0, i = 0; k < inputs; k++) {
        for (let c = 0; c < channels; c++) {
          for (let pixel = 0; pixel < 16; pixel++, i++) visit(i, (k * 16 + pixel) * channels + c);
        }
      }
      return;
    }
    case "head": {
      const { channels } = layout;
      for (let c = 0, i = 0; c < channels; c++) {
        for (let pixel = 0; pixel < 16; pixel++, i++) visit(i, pixel * channels + c);
      }
    }
  }
}

/** Writes a tensor given in PyTorch's order into the flat buffer's content. */
export function pack(tensor: PlacedTensor, data: Float32Array, flat: Float32Array): void {
  forEachElement(tensor, (torch, ours) => flat[tensor.offset + ours] = data[torch]);
}

/** Reads a tensor in PyTorch's order from the flat buffer's content. */
export function unpack(tensor: PlacedTensor, flat: Float32Array): Float32Array<ArrayBuffer> {
  const data = new Float32Array(elements(tensor.shape));
  forEachElement(tensor, (torch, ours) => data[torch] = flat[tensor.offset + ours]);
  return data;
}
