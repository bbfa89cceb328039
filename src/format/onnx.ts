/**
 * ONNX files: a graph of operators and its weights as one protocol buffer
 * (github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose field numbers stand below).
 *
 * @module
 */

import { bytes, concat, float, message, text, varint } from "./protobuf.ts";
import type { Tensor } from "./safetensors.ts";

/** A number, or whole numbers, that an operator is told. */
export type OnnxAttribute = { readonly float: number } | { readonly integers: readonly number[] };

/** An operator: values in, one value out, each by its name. */
export interface OnnxNode {
  /** Such as `Relu`. */
  readonly operator: string;
  /** The values it reads: the graph's inputs, weights, and what other operators made. */
  readonly inputs: readonly string[];
  /** The value it makes; the operator is called after it. */
  readonly output: string;
  /** What it is told. */
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A float32 value that goes in or comes out; a size that is a word may be any. */
export interface OnnxValue {
  /** Its name. */
  readonly name: string;
  /** Its shape. */
  readonly shape: readonly (number | string)[];
}

/** A graph. */
export interface OnnxGraph {
  /** Its name. */
  readonly name: string;
  /** Operators, each behind those whose values it reads. */
  readonly nodes: readonly OnnxNode[];
  /** Weights by the names that operators know them by. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** What goes in. */
  readonly inputs: readonly OnnxValue[];
  /** What comes out. */
  readonly outputs: readonly OnnxValue[];
  /** Free text by key. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The program that made it, and its version. */
  readonly producer: readonly [name: string, version: string];
}

/** Operator set 13 and the file version that came with it: read by every runtime since 2021. */
const [IR_VERSION, OPERATOR_SET] = [7, 13];
const FLOAT = 1; // TensorProto.DataType

/** The bytes of an ONNX file. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const [producer, version] = graph.producer;
  return concat([
    varint(1, IR_VERSION),
    text(2, producer),
    text(3, version),
    message(7, [
      ...graph.nodes.map(encodeNode),
      text(2, graph.name),
      ...[...graph.weights].map(encodeTensor),
      ...graph.inputs.map((value) => encodeValue(11, value)),
      ...graph.outputs.map((value) => encodeValue(12, value)),
    ]),
    message(8, [text(1, ""), varint(2, OPERATOR_SET)]),
    ...Object.entries(graph.metadata ?? {}).map(([key, value]) =>
      message(14, [text(1, key), text(2, value)])
    ),
  ]);
}

function encodeNode({ operator, inputs, output, attributes = {} }: OnnxNode): Uint8Array {
  return message(1, [
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...Object.entries(attributes).map(([name, attribute]) =>
      message(5, [
        text(1, name),
        ...("float" in attribute
          ? [float(2, attribute.float), varint(20, 1)]
          : [...attribute.integers.map((value) => varint(8, value)), varint(20, 7)]),
      ])
    ),
  ]);
}

function encodeTensor([name, { shape, data }]: [string, Tensor]): Uint8Array {
  return message(5, [
    ...shape.map((size) => varint(1, size)),
    varint(2, FLOAT),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

function encodeValue(field: number, { name, shape }: OnnxValue): Uint8Array {
  const sizes = shape.map((size) =>
    message(1, [typeof size === "number" ? varint(1, size) : text(2, size)])
  );
  return message(field, [
    text(1, name),
    message(2, [message(1, [varint(1, FLOAT), message(2, sizes)])]),
  ]);
}
