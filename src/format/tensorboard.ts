/**
 * TensorBoard event files: a record per event, each a protocol buffer
 * (tensorflow/core/util/event.proto and framework/summary.proto), written by hand because six fields
 * are all that scalars and pictures need.
 *
 * @module
 */

import { maskedCrc32c } from "./crc.ts";
import { bytes, concat, double, float, message, text, varint } from "./protobuf.ts";

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
  return record([double(1, wallTime), text(3, "brain.Event:2")]);
}

/** One event as a record of an event file. */
export function encodeEvent(event: TensorBoardEvent): Uint8Array<ArrayBuffer> {
  const scalars = (event.scalars ?? []).map(({ tag, value }) =>
    message(1, [text(1, tag), float(2, value)])
  );
  const images = (event.images ?? []).map(({ tag, width, height, png }) => {
    const image = message(4, [varint(1, height), varint(2, width), varint(3, 3), bytes(4, png)]);
    return message(1, [text(1, tag), image]);
  });
  return record([
    double(1, event.wallTime),
    varint(2, event.step),
    message(5, [...scalars, ...images]),
  ]);
}

/** Length, masked checksum of the length, data, masked checksum of the data. */
function record(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = concat(parts);
  const out = new Uint8Array(16 + data.length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(out.subarray(0, 8)), true);
  out.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return out;
}
