/**
 * The safetensors format: eight bytes of header length, a JSON header, the tensors' bytes.
 * What is written is little-endian float32. Other programs' float16, bfloat16, float64 and int64 (a
 * counter of PyTorch's) are read as float32; other kinds of tensor are refused by name.
 *
 * Files come from strangers and from failing disks, so what is read is held to the whole of the format,
 * before anything is allocated: tensors lie behind one another without holes or overlaps and end where
 * the file ends. A sealed file holds a digest of itself besides, which tells a flipped bit.
 *
 * @module
 */

import { sha256 } from "../deps/sha256.ts";
import { oneLine, UserError } from "../errors.ts";

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
  /** Whether the file held a digest of itself, which then was right. */
  readonly sealed: boolean;
}

/** How a file is written. */
export interface EncodeOptions {
  /** Whether the metadata gets a digest of the whole file, under `sha256`; default false. */
  readonly seal?: boolean;
}

/** The metadata's key for the digest: SHA-256 of the file with zeros in the digest's own place. */
const DIGEST = "sha256";
const NO_DIGEST = "0".repeat(64);

/** A longer header is none: ours take some ten thousand bytes. */
const LONGEST_HEADER = 1 << 24;

/** Encodes tensors and metadata as the bytes of a safetensors file. */
export function encodeSafetensors(
  tensors: Iterable<[string, Tensor]>,
  metadata: Record<string, string> = {},
  { seal = false }: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  const list = [...tensors];
  const { [DIGEST]: _old, ...free } = metadata;
  let end = 0;
  // From entries, so that a tensor may be called __proto__.
  const header = Object.fromEntries([
    ["__metadata__", seal ? { ...free, [DIGEST]: NO_DIGEST } : free],
    ...list.map(([name, { shape, data }]): [string, unknown] => [
      name,
      { dtype: "F32", shape, data_offsets: [end, end += data.byteLength] },
    ]),
  ]);
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
  if (seal) {
    bytes.set(new TextEncoder().encode(sha256Hex([bytes])), digestAt(bytes, start, NO_DIGEST)!);
  }
  return bytes;
}

/**
 * Decodes the bytes of a safetensors file.
 *
 * @throws {UserError} If the bytes break a rule of the format, do not match their digest, or hold a
 * tensor of another kind than the module names; `name` is how the message calls the file.
 */
export function decodeSafetensors(bytes: Uint8Array, name = "the file"): TensorFile {
  const fail = (why: string): never => {
    throw new UserError(`${name} is not a usable safetensors file: ${oneLine(why)}`);
  };
  if (bytes.length < 8) fail("it is too short");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > Math.min(bytes.length - 8, LONGEST_HEADER)) {
    fail("its header is cut short, or it is another kind of file");
  }
  const start = 8 + length;
  const header = parseHeader(bytes.subarray(8, start), fail);
  const metadata = checkMetadata(header.get("__metadata__"), fail);
  header.delete("__metadata__");
  const places = [...header].map(([key, value]) => placeOf(key, value, fail));
  checkPlaces(places, bytes.length - start, fail);
  const digest = metadata[DIGEST];
  if (digest !== undefined && !matches(bytes, start, digest)) {
    fail(
      "its digest does not match, so it was damaged, or changed after it was written (whoever changed " +
        `it on purpose leaves ${DIGEST} out of its metadata)`,
    );
  }
  const tensors = new Map(places.map(({ key, shape, numbers, from, to }): [string, Tensor] => [
    key,
    { shape, data: numbers.read(bytes.slice(start + from, start + to).buffer) },
  ]));
  return { tensors, metadata, sealed: digest !== undefined };
}

/** A kind of numbers: bytes each, and how they are read as float32. */
interface NumberKind {
  readonly bytes: number;
  readonly read: (buffer: ArrayBuffer) => Float32Array<ArrayBuffer>;
}

const KINDS: ReadonlyMap<unknown, NumberKind> = new Map<unknown, NumberKind>([
  ["F32", { bytes: 4, read: (buffer) => new Float32Array(buffer) }],
  ["F16", { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToFloat) }],
  ["BF16", {
    bytes: 2,
    // A bfloat16 is the upper half of a float32.
    read: (buffer) =>
      new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
  }],
  ["F64", { bytes: 8, read: (buffer) => Float32Array.from(new Float64Array(buffer)) }],
  ["I64", { bytes: 8, read: (buffer) => Float32Array.from(new BigInt64Array(buffer), Number) }],
]);

/** The value of an IEEE 754 half-precision number given as its bits. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

type Fail = (why: string) => never;

/** Where a tensor lies behind the header. */
interface Place {
  readonly key: string;
  readonly shape: readonly number[];
  readonly numbers: NumberKind;
  readonly from: number;
  readonly to: number;
}

function parseHeader(bytes: Uint8Array, fail: Fail): Map<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    return fail("its header is not JSON");
  }
  if (header === null || typeof header !== "object" || Array.isArray(header)) {
    return fail("its header is not a JSON object");
  }
  const twice = repeatedKey(text);
  if (twice !== undefined) fail(`its header names ${twice} twice`);
  return new Map(Object.entries(header));
}

/** A key that stands twice in an object of well-formed JSON, where parsers keep the last one silently. */
function repeatedKey(json: string): string | undefined {
  const keys: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") keys.push(new Set());
    else if (token === "}" || token === "]") keys.pop();
    else if (colon) {
      const key: string = JSON.parse(text);
      if (keys.at(-1)!.has(key)) return key;
      keys.at(-1)!.add(key);
    }
  }
  return undefined;
}

function checkMetadata(metadata: unknown, fail: Fail): Record<string, string> {
  if (metadata === undefined) return {};
  if (
    metadata === null || typeof metadata !== "object" || Array.isArray(metadata) ||
    !Object.values(metadata).every((value) => typeof value === "string")
  ) {
    return fail("its metadata is not text by key");
  }
  return metadata as Record<string, string>;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function placeOf(key: string, value: unknown, fail: Fail): Place {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const numbers = KINDS.get(dtype);
  if (!numbers) return fail(`tensor ${key} is ${dtype}, expected ${[...KINDS.keys()].join(", ")}`);
  if (
    !Array.isArray(shape) || !shape.every(isSize) ||
    !Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)
  ) {
    return fail(`tensor ${key} is malformed`);
  }
  const [from, to] = offsets;
  const count = shape.reduce((product, size) => product * size, 1);
  if (to - from !== numbers.bytes * count) fail(`tensor ${key} does not fit its shape`);
  return { key, shape, numbers, from, to };
}

/** Holds the tensors to lie behind one another, and to end where the file ends. */
function checkPlaces(places: readonly Place[], length: number, fail: Fail): void {
  let end = 0;
  for (const { key, from, to } of places.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) fail(`tensor ${key} ${from < end ? "overlaps another" : "leaves a hole"}`);
    end = to;
  }
  if (end > length) fail(`it is cut short: its tensors take ${end} bytes, ${length} are there`);
  if (end < length) fail(`${length - end} bytes too many stand behind its tensors`);
}

/** Where a digest stands in a file's header, in bytes; undefined where it does not. */
function digestAt(bytes: Uint8Array, start: number, digest: string): number | undefined {
  // A header's text may hold other than ASCII, so it is searched as bytes. The quotes tell the value
  // from text that quotes it, where they are escaped.
  const key = new TextEncoder().encode(`"${DIGEST}":"${digest}"`);
  const header = bytes.subarray(0, start);
  for (let at = header.indexOf(key[0], 8); at >= 0; at = header.indexOf(key[0], at + 1)) {
    if (key.every((byte, i) => header[at + i] === byte)) return at + DIGEST.length + 4;
  }
  return undefined;
}

function matches(bytes: Uint8Array, start: number, digest: string): boolean {
  const at = digestAt(bytes, start, digest);
  if (at === undefined || digest.length !== NO_DIGEST.length) return false;
  const zeros = new TextEncoder().encode(NO_DIGEST);
  const rest = bytes.subarray(at + zeros.length);
  return sha256Hex([bytes.subarray(0, at), zeros, rest]) === digest;
}

function sha256Hex(parts: readonly Uint8Array[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(part);
  return hash.digest().toHex();
}
