/**
 * Reads an event file of TensorBoard from standard input by protobufjs and crc-32; prints its events
 * as JSON, and fails at a wrong checksum.
 */

import { Buffer } from "node:buffer";
import checksum from "npm:crc-32@1.2.2/crc32c.js";
import protobuf from "npm:protobufjs@8.8.1";

// The part of TensorFlow's event.proto and summary.proto that is used.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes png = 4; }
  message Value { string tag = 1; float simple_value = 2; Image image = 4; }
  message Summary { repeated Value value = 1; }
  message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
`);

function masked(part: Uint8Array): number {
  const crc = checksum.buf(Buffer.from(part)) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
const view = new DataView(bytes.buffer);
const type = root.lookupType("Event");
const events: unknown[] = [];
for (let at = 0; at < bytes.length;) {
  const length = Number(view.getBigUint64(at, true));
  const data = bytes.subarray(at + 12, at + 12 + length);
  const right = view.getUint32(at + 8, true) === masked(bytes.subarray(at, at + 8)) &&
    view.getUint32(at + 12 + length, true) === masked(data);
  if (!right) throw new Error(`the record at byte ${at} has a wrong checksum`);
  events.push(type.toObject(type.decode(data), { longs: Number, bytes: Array }));
  at += 16 + length;
}
console.log(JSON.stringify(events));
