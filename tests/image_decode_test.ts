import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { createDecoder, type DecodeOptions } from "../src/image/decode.ts";
import { encodeJpeg } from "../src/image/jpeg.ts";
import { sniff } from "../src/image/kinds.ts";
import { PhotoError } from "../src/image/photo_error.ts";
import { readSize } from "../src/image/picture_size.ts";
import { drawFacade } from "../src/synth/facade.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import pictures from "./fixtures/pictures.json" with { type: "json" };

const WHITE: DecodeOptions = { background: [255, 255, 255], maxPixels: 2 ** 27, minSide: 2 ** 30 };
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** The largest difference of two pictures' samples. */
function difference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
}

for (const [name, { file, width, height, rgb }] of Object.entries(pictures)) {
  Deno.test(`decode() agrees with Pillow on ${name}`, () => {
    const image = createDecoder()(bytesOf(file), WHITE);
    assert.deepEqual([image.width, image.height], [width, height]);
    // PNG is exact but for the rounding of 16 bits; JPEG leaves the transform's rounding open.
    assert.ok(difference(image.data, bytesOf(rgb)) <= (name.endsWith(".png") ? 1 : 3));
  });
}

Deno.test("decode() puts the chosen background behind transparent pixels", () => {
  const { data } = createDecoder()(bytesOf(pictures["rgba8.png"].file), {
    ...WHITE,
    background: [10, 20, 30],
  });
  assert.deepEqual([...data.subarray(0, 3)], [10, 20, 30]); // the leftmost column is all background
});

Deno.test("decode() shrinks a JPEG on the way only as far as it may", () => {
  const decode = createDecoder();
  const photo = drawFacade(1, 2, 200, 160);
  const file = encodeJpeg(photo, 95);
  const sizeFor = (minSide: number): number[] => {
    const { width, height, data } = decode(file, { ...WHITE, minSide });
    assert.equal(data.length, 3 * width * height);
    return [width, height];
  };
  assert.deepEqual(sizeFor(161), [200, 160]);
  assert.deepEqual(sizeFor(80), [100, 80]);
  assert.deepEqual(sizeFor(79), [100, 80]);
  assert.deepEqual(sizeFor(40), [50, 40]);
  assert.deepEqual(sizeFor(8), [25, 20]);
});

Deno.test("encodeJpeg() writes what decode() reads back", () => {
  const photo = drawFacade(1, 3, 120, 96);
  const back = createDecoder()(encodeJpeg(photo, 100), WHITE);
  const mean = back.data.reduce((sum, v, i) => sum + Math.abs(v - photo.data[i]), 0) /
    back.data.length;
  assert.ok(mean < 2, `mean difference ${mean}`);
});

Deno.test("decode() names what is wrong with a file it cannot read", () => {
  const decode = createDecoder();
  const jpeg = bytesOf(pictures["chroma_2x2.jpg"].file);
  const photo = encodeJpeg(drawFacade(1, 2, 96, 80), 90);
  const png = bytesOf(pictures["rgb8.png"].file);
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);
  const huge = png.slice();
  new DataView(huge.buffer).setUint32(16, 100_000);
  new DataView(huge.buffer).setUint32(20, 100_000);
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /it is empty/],
    [text("GIF89a...."), /a file of the kind GIF; only JPEG, PNG, WebP and AVIF are read/],
    [text("\0\0\0\x18ftypheic"), /of the kind HEIC/],
    [text("<!DOCTYPE html>"), /of the kind HTML/],
    [text("hello"), /another kind of file, or damaged at its start/],
    [photo.subarray(0, photo.length / 2), /cut short: the end of its JPEG data is missing/],
    [jpeg.subarray(0, 10), /cut short: the end of its JPEG data is missing/],
    [png.subarray(0, png.length / 2), /cut short: the end of its PNG data is missing/],
    [png.subarray(0, 20), /cut short: its PNG header is missing/],
    [huge, /too large: 100000 x 100000 = 10000 million pixels, the limit is 134 million/],
  ];
  for (const [bytes, message] of cases) {
    assert.throws(() => decode(bytes, WHITE), (error) => {
      assert.ok(error instanceof PhotoError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  // A failure leaves the decoder fit for the next file.
  assert.equal(decode(jpeg, WHITE).width, 13);
  assert.equal(decode(png, WHITE).width, 13);
});

Deno.test("decode() refuses a JPEG with more pixels than allowed before decoding it", () => {
  const jpeg = bytesOf(pictures["chroma_2x2.jpg"].file);
  assert.throws(() => createDecoder()(jpeg, { ...WHITE, maxPixels: 100 }), /13 x 11 = 0 million/);
});

Deno.test("decode() shrinks a very large PNG on the way, as far as it may", () => {
  // 4,112 x 4,112 in one-bit grey: the left half black, the right half white.
  const side = 4112;
  const row = new Uint8Array(1 + side / 8).fill(255, 1 + side / 16);
  const body = new Uint8Array(
    deflateSync(Uint8Array.from({ length: side * row.length }, (_, i) => row[i % row.length])),
  );
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const typed = Uint8Array.of(...new TextEncoder().encode(type), ...data);
    const words = new DataView(new ArrayBuffer(8));
    words.setUint32(0, data.length);
    words.setUint32(4, crc32(Buffer.from(typed)));
    const [length, sum] = [words.buffer.slice(0, 4), words.buffer.slice(4)];
    return Uint8Array.of(...new Uint8Array(length), ...typed, ...new Uint8Array(sum));
  };
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, side);
  header.setUint32(4, side);
  header.setUint8(8, 1);
  const file = Uint8Array.of(
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", new Uint8Array(header.buffer)),
    ...chunk("IDAT", body),
    ...chunk("IEND", new Uint8Array(0)),
  );
  const { width, height, data } = createDecoder()(file, { ...WHITE, minSide: 200 });
  assert.deepEqual([width, height], [205, 205]); // a twentieth
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const black = Math.min(20, Math.max(0, side / 2 - 20 * x)) / 20;
      assert.equal(data[3 * (y * width + x)], Math.round(255 * (1 - black)));
    }
  }
});

Deno.test("readSize() reads the size from the header alone, or nothing", () => {
  for (const [name, { file }] of Object.entries(pictures)) {
    if (name.startsWith("orientation")) continue;
    assert.deepEqual(readSize(bytesOf(file)), { width: 13, height: 11 }, name);
  }
  assert.equal(readSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)), undefined);
  assert.equal(readSize(new Uint8Array(3)), undefined);
});

Deno.test("decode() of damaged files either works or says why, and never anything else", () => {
  const decode = createDecoder();
  const files = Object.values(pictures).map(({ file }) => bytesOf(file));
  files.push(encodeJpeg(drawFacade(1, 4, 64, 64), 80), encodePng(drawFacade(1, 5, 64, 64)));
  let failures = 0;
  for (let trial = 0; trial < 500; trial++) {
    const bytes = damage(files[trial % files.length].slice(), trial);
    try {
      const { width, height, data } = decode(bytes, WHITE);
      assert.equal(data.length, 3 * width * height);
    } catch (error) {
      // A trap is the pool's to deal with; anything else is a bug.
      if (!(error instanceof WebAssembly.RuntimeError)) {
        assert.ok(error instanceof PhotoError, `trial ${trial}: ${error}`);
        assert.match(error.message, /^(it|its|there) .+/);
      }
      failures++;
    }
  }
  assert.ok(failures > 100 && failures < 500, `${failures} failures`);
});

/** Cuts a file short or flips some of its bits. */
function damage(bytes: Uint8Array<ArrayBuffer>, trial: number): Uint8Array {
  const random = (n: number): number => Math.floor((Math.imul(trial + 1, 2654435761) >>> 8) % n);
  if (trial % 4 === 0) return bytes.subarray(0, random(bytes.length));
  for (let flips = 1 + trial % 5; flips > 0; flips--) {
    bytes[(random(bytes.length) + 97 * flips) % bytes.length] ^= 1 << (trial + flips) % 8;
  }
  return bytes;
}

Deno.test("sniff() goes by the first bytes, not the name", () => {
  assert.equal(sniff(bytesOf(pictures["grey.jpg"].file)), "JPEG");
  assert.equal(sniff(bytesOf(pictures["grey8.png"].file)), "PNG");
  assert.equal(sniff(new Uint8Array(2)), undefined);
});
