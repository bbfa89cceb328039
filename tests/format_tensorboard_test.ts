import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import checksum from "npm:crc-32@1.2.2/crc32c.js";
import protobuf from "npm:protobufjs@8.8.1";
import { crc32c } from "../src/format/crc.ts";
import { blankImage } from "../src/image/image.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { encodeEvent, encodeFileVersion } from "../src/format/tensorboard.ts";

// The part of TensorFlow's event.proto and summary.proto that is used, for a reader that shares
// nothing with the writer: protobufjs for the messages, crc-32 for the checksums.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes png = 4; }
  message Value { string tag = 1; float simple_value = 2; Image image = 4; }
  message Summary { repeated Value value = 1; }
  message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
`);

function readRecords(bytes: Uint8Array): Record<string, unknown>[] {
  const masked = (part: Uint8Array): number => {
    const crc = checksum.buf(Buffer.from(part)) >>> 0;
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: Record<string, unknown>[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    assert.equal(view.getUint32(at + 8, true), masked(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(view.getUint32(at + 12 + length, true), masked(data));
    const type = root.lookupType("Event");
    events.push(type.toObject(type.decode(data), { longs: Number, bytes: Array }));
    at += 16 + length;
  }
  return events;
}

Deno.test("crc32c() gives the published check values", () => {
  // RFC 3720, appendix B.4, and the catalogue's check string.
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
});

Deno.test("event files hold what an independent reader finds in them", () => {
  const png = encodePng(blankImage(70, 40, [1, 2, 3]));
  const bytes = Uint8Array.of(
    ...encodeFileVersion(1700000000.5),
    ...encodeEvent({
      wallTime: 1700000001.25,
      step: 123456,
      scalars: [{ tag: "loss/D", value: 0.5 }, { tag: "score/D(x)", value: -3.25 }],
    }),
    ...encodeEvent({
      wallTime: 1700000002,
      step: 7,
      images: [{ tag: "samples", width: 70, height: 40, png }],
    }),
  );
  assert.deepEqual(readRecords(bytes), [
    { wallTime: 1700000000.5, fileVersion: "brain.Event:2" },
    {
      wallTime: 1700000001.25,
      step: 123456,
      summary: {
        value: [{ tag: "loss/D", simpleValue: 0.5 }, { tag: "score/D(x)", simpleValue: -3.25 }],
      },
    },
    {
      wallTime: 1700000002,
      step: 7,
      summary: {
        value: [{ tag: "samples", image: { height: 40, width: 70, colorspace: 3, png: [...png] } }],
      },
    },
  ]);
});
