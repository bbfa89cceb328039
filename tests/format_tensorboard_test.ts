import assert from "node:assert/strict";
import { crc32c } from "../src/format/crc.ts";
import { blankImage } from "../src/image/image.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { encodeEvent, encodeFileVersion } from "../src/format/tensorboard.ts";
import { readIndependently } from "./independent_reader.ts";

Deno.test("crc32c() gives the published check values", () => {
  // RFC 3720, appendix B.4, and the catalogue's check string.
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
});

Deno.test("event files hold what an independent reader finds in them", async () => {
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
  assert.deepEqual(await readIndependently("tensorboard", bytes), [
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
