/**
 * onnxruntime-web (npm, WebAssembly): runs the networks that users bring to judge pictures by. Loaded
 * when that is asked for (locked_apart.ts). The part of its interface that is used is declared here.
 *
 * @module
 */

import { importApart } from "./locked_apart.ts";

/** A tensor. */
export interface OrtTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** An input as a network declares it; a size that is a word may be any. */
export interface OrtInput {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** A network ready to run. */
export interface OrtSession {
  readonly inputMetadata: readonly OrtInput[];
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
}

/** The part of onnxruntime-web that is used. */
export interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number }; logLevel?: string };
  readonly InferenceSession: { create(model: Uint8Array): Promise<OrtSession> };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OrtTensor;
}

const ONNXRUNTIME = "npm:onnxruntime-web@1.30.0";

/** Loads it. */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  const { default: runtime } = await importApart<{ default: OnnxRuntime }>(ONNXRUNTIME);
  runtime.env.wasm.numThreads = 1; // more need a page's isolation
  runtime.env.logLevel = "error"; // its warnings are about how a file was exported
  return runtime;
}
