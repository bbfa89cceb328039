/**
 * TensorBoard event files: a record per event, each a protocol buffer
 * (tensorflow/core/util/event.proto and framework/summary.proto), written here by hand because
 * six fields are all that scalars and pictures need.
 *
 * @module
 */

import { maskedCrc32c } from "./crc.ts";

/** A number under a tag, such as `loss/D`. */
export interface ScalarSummary {
  /** The name of the curve; a slash makes groups. */
  readonly tag: string;
  /** Its value at the event's step, kept as float32. */
  readonly value: number;
}

/** A picture under a tag. */
export interface ImageSummary {
  /** The name of the picture. */
  readonly tag: string;
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The picture as a PNG file. */
  readonly png: Uint8Array;
}

/** What happened at a step. */
export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** The training step. */
  readonly step: number;
  /** The numbers of the step. */
  readonly scalars?: readonly ScalarSummary[];
  /** The pictures of the step. */
  readonly images?: readonly ImageSummary[];
}

/** The record every event file begins with. */
export function encodeFileVersion(wallTime: number): Uint8Array<ArrayBuffer> {
  return record([...double(1, wallTime), ...bytes(3, utf8("brain.Event:2"))]);
}

/** One event as a record of an event file. */
export function encodeEvent(event: TensorBoardEvent): Uint8Array<ArrayBuffer> {
  const summary: number[] = [];
  for (const { tag, value } of event.scalars ?? []) {
    append(summary, bytes(1, [...bytes(1, utf8(tag)), ...float(2, value)]));
  }
  for (const { tag, width, height, png } of event.images ?? []) {
    const image = [...varint(1, height), ...varint(2, width), ...varint(3, 3)];
    append(image, bytes(4, png));
    const value = [...bytes(1, utf8(tag))];
    append(value, bytes(4, image));
    append(summary, bytes(1, value));
  }
  const message = [...double(1, event.wallTime), ...varint(2, event.step)];
  append(message, bytes(5, summary));
  return record(message);
}

/** Length, masked checksum of the length, data, masked checksum of the data. */
function record(message: readonly number[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(16 + message.length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(out.subarray(0, 8)), true);
  out.set(message, 12);
  view.setUint32(12 + message.length, maskedCrc32c(out.subarray(12, 12 + message.length)), true);
  return out;
}

function append(to: number[], from: Iterable<number>): void {
  for (const byte of from) to.push(byte); // a spread of a whole picture would overflow the stack
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function varintBytes(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  out.push(value);
  return out;
}

function varint(field: number, value: number): number[] {
  return [field << 3, ...varintBytes(value)];
}

function bytes(field: number, content: Uint8Array | readonly number[]): number[] {
  const out = [(field << 3) | 2, ...varintBytes(content.length)];
  append(out, content);
  return out;
}

function double(field: number, value: number): number[] {
  return [(field << 3) | 1, ...new Uint8Array(Float64Array.of(value).buffer)];
}

function float(field: number, value: number): number[] {
  return [(field << 3) | 5, ...new Uint8Array(Float32Array.of(value).buffer)];
}
