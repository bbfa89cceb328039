import assert from "node:assert/strict";
import { createDecoder, type DecodeOptions, loadDecoders } from "../src/image/decode.ts";
import { PhotoError } from "../src/image/photo_error.ts";
import { readOrientation } from "../src/image/orientation.ts";
import { readSize } from "../src/image/picture_size.ts";
import pictures from "./fixtures/web_pictures.json" with { type: "json" };

const WHITE: DecodeOptions = { background: [255, 255, 255], maxPixels: 2 ** 27, minSide: 2 ** 30 };
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

await loadDecoders(["WebP", "AVIF"]);
const decode = createDecoder();

for (const [name, { file, width, height, rgb }] of Object.entries(pictures)) {
  Deno.test(`decode() agrees with the reference decoder on ${name}`, () => {
    const bytes = bytesOf(file);
    const image = decode(bytes, WHITE);
    assert.deepEqual([image.width, image.height], [width, height]);
    const right = bytesOf(rgb);
    const worst = image.data.reduce((most, v, i) => Math.max(most, Math.abs(v - right[i])), 0);
    // Lossless and lossy WebP leave nothing open but the rounding of transparency; AVIF that of colours.
    assert.ok(worst <= (name.endsWith(".webp") ? 1 : 3), `${worst}`);
    const stored = name.startsWith("orientation") ? [height, width] : [width, height];
    assert.deepEqual(Object.values(readSize(bytes) ?? {}), stored);
  });
}

Deno.test("WebP and AVIF that are cut short, damaged or too large are refused in words", () => {
  for (const [name, { file }] of Object.entries(pictures)) {
    const bytes = bytesOf(file);
    for (const length of [16, 40, 120, bytes.length >> 2]) {
      assert.throws(
        () => decode(bytes.subarray(0, length), WHITE),
        PhotoError,
        `${name} ${length}`,
      );
    }
    assert.throws(() => decode(bytes, { ...WHITE, maxPixels: 100 }), /too large/);
    decode(bytes, WHITE);
  }
});

Deno.test("decode() of damaged WebP and AVIF files either works or says why, and never anything else", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const files = Object.values(pictures).map(({ file }) => bytesOf(file));
  for (let i = 0; i < 1000; i++) {
    const bytes = files[i % files.length].slice();
    const within = i % 3 === 0 ? Math.min(bytes.length, 300) : bytes.length;
    for (let k = random(6); k >= 0; k--) bytes[random(within)] = random(256);
    try {
      decode(i % 5 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes, WHITE);
    } catch (error) {
      assert.ok(error instanceof PhotoError, `${i}: ${error}`);
    }
  }
  // A frame that lies beside its picture.
  const animated = bytesOf(pictures["animated.webp"].file);
  const frame = String.fromCharCode(...animated).indexOf("ANMF");
  animated[frame + 8] = 200;
  assert.throws(() => decode(animated, WHITE), PhotoError);
});

Deno.test("an AVIF's turns and mirrors come to the orientation that EXIF would say", () => {
  const box = (name: string, ...parts: (number[] | Uint8Array)[]): Uint8Array => {
    const body = parts.flatMap((part) => [...part]);
    return Uint8Array.of(0, 0, 0, 8 + body.length, ...new TextEncoder().encode(name), ...body);
  };
  const orientationOf = (turns: number, axis?: number): number => {
    const properties = [box("irot", [turns]), ...axis === undefined ? [] : [box("imir", [axis])]];
    const links = properties.map((_, i) => 0x80 | (i + 1));
    const meta = box(
      "meta",
      [0, 0, 0, 0],
      box("pitm", [0, 0, 0, 0, 0, 1]),
      box(
        "iprp",
        box("ipco", ...properties),
        box("ipma", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, links.length, ...links]),
      ),
    );
    const start = box("ftyp", new TextEncoder().encode("avif\0\0\0\0mif1"));
    return readOrientation(Uint8Array.of(...start, ...meta));
  };
  assert.deepEqual([0, 1, 2, 3].map((turns) => orientationOf(turns)), [1, 8, 3, 6]);
  assert.deepEqual([0, 1].map((axis) => orientationOf(0, axis)), [4, 2]); // top-bottom, left-right
  assert.deepEqual([0, 1].map((axis) => orientationOf(2, axis)), [2, 4]);
  assert.deepEqual([0, 1].map((axis) => orientationOf(1, axis)), [5, 7]);
});
