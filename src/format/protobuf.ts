/**
 * The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as much of it as
 * TensorBoard's records and ONNX files take. Each function gives one field's bytes.
 *
 * @module
 */

/** Bytes behind one another: the content of a message. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function varintBytes(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  out.push(value);
  return out;
}

/** A field's number and wire type, which is below 8. */
function tag(field: number, wireType: number): number[] {
  return varintBytes(8 * field + wireType);
}

/** A whole number from 0 to 2^53. */
export function varint(field: number, value: number): Uint8Array {
  return Uint8Array.of(...tag(field, 0), ...varintBytes(value));
}

/** A double. */
export function double(field: number, value: number): Uint8Array {
  return Uint8Array.of(...tag(field, 1), ...new Uint8Array(Float64Array.of(value).buffer));
}

/** A float. */
export function float(field: number, value: number): Uint8Array {
  return Uint8Array.of(...tag(field, 5), ...new Uint8Array(Float32Array.of(value).buffer));
}

/** Bytes as they are. */
export function bytes(field: number, content: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(...tag(field, 2), ...varintBytes(content.length)), content]);
}

/** Text. */
export function text(field: number, content: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(content));
}

/** A message of these fields. */
export function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  return bytes(field, concat(parts));
}
