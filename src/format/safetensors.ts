/**
 * The safetensors format: eight bytes of header length, a JSON header, the tensors' bytes.
 * Only little-endian float32 is used here; other kinds of tensor are refused by name.
 *
 * @module
 */

import { UserError } from "../errors.ts";

/** A dense float32 tensor in row-major order. */
export interface Tensor {
  /** The size of each dimension; empty for a single number. */
  readonly shape: readonly number[];
  /** The elements, as many as the product of the shape. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** A file's tensors in their order, and its text metadata. */
export interface TensorFile {
  /** Tensors by name, in file order. */
  readonly tensors: Map<string, Tensor>;
  /** Free text by key. */
  readonly metadata: Record<string, string>;
}

/** Encodes tensors and metadata as the bytes of a safetensors file. */
export function encodeSafetensors(
  tensors: Iterable<[string, Tensor]>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const list = [...tensors];
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of list) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, end += data.byteLength] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const [, { data }] of list) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes the bytes of a safetensors file.
 *
 * @throws {UserError} If the bytes are cut short, are no safetensors file, or hold a tensor that
 * is not float32; `name` is how the message calls the file.
 */
export function decodeSafetensors(bytes: Uint8Array, name = "the file"): TensorFile {
  const fail = (why: string): never => {
    throw new UserError(`${name} is not a usable safetensors file: ${why}`);
  };
  if (bytes.length < 8) fail("it is too short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.length - 8) fail("its header is cut short, or it is another kind of file");
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    return fail("its header is not JSON");
  }
  if (header === null || typeof header !== "object" || Array.isArray(header)) {
    fail("its header is not a JSON object");
  }
  const tensors = new Map<string, Tensor>();
  const start = 8 + length;
  for (const [key, value] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = value as {
      dtype?: string;
      shape?: number[];
      data_offsets?: number[];
    };
    if (dtype !== "F32") fail(`tensor ${key} is ${dtype}, expected F32`);
    if (!Array.isArray(shape) || !Array.isArray(offsets)) return fail(`tensor ${key} is malformed`);
    const [from, to] = offsets;
    const count = shape.reduce((product, size) => product * size, 1);
    if (!(from >= 0) || to - from !== 4 * count) fail(`tensor ${key} does not fit its shape`);
    if (start + to > bytes.length) {
      fail(`it is cut short: tensor ${key} ends at byte ${start + to} of ${bytes.length}`);
    }
    tensors.set(key, {
      shape,
      data: new Float32Array(bytes.slice(start + from, start + to).buffer),
    });
  }
  return { tensors, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}
