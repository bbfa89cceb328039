import assert from "node:assert/strict";
import { blankImage, makeGrid, type RgbImage, toImages } from "../src/image/image.ts";
import { addPngText, encodePng, readPngText } from "../src/image/png_encoder.ts";
import { Purpose, uniform } from "../src/random.ts";
import { readPng } from "./independent_reader.ts";

function noisy(width: number, height: number): RgbImage {
  const smooth = (i: number): number => 90 + 60 * Math.sin(i / 40);
  const data = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => smooth(i) + 50 * uniform(1, Purpose.Samples, 0, i),
  );
  return { width, height, data };
}

Deno.test("encodePng() writes pixels that another decoder reads back", async () => {
  for (const [width, height] of [[1, 1], [7, 3], [64, 65]]) {
    const image = noisy(width, height);
    const { data } = image;
    assert.deepEqual(await readPng(encodePng(image)), {
      width,
      height,
      channels: 3,
      depth: 8,
      data,
    });
  }
});

Deno.test("readPngText() gives back what encodePng() stored, ASCII or not", () => {
  const text = { Seed: "7", Settings: '{"width":16}', Comment: "Häuser — 家" };
  assert.deepEqual(readPngText(encodePng(noisy(4, 4), text)), text);
});

Deno.test("addPngText() leaves the picture as it was", async () => {
  const image = noisy(9, 5);
  const png = addPngText(encodePng(image, { Seed: "1" }), { Step: "20" });
  assert.deepEqual(readPngText(png), { Seed: "1", Step: "20" });
  assert.deepEqual((await readPng(png)).data, image.data);
});

Deno.test("readPngText() of another kind of file is empty", () => {
  assert.deepEqual(readPngText(new TextEncoder().encode("GIF89a and so on")), {});
});

Deno.test("toImages() maps [-1, 1] to 0..255, channel by channel, and clamps", () => {
  // Two pictures of 2x2: planes of red, green, blue.
  const batch = Float32Array.of(
    ...[-1, 1, 0, -2],
    ...[1, 1, 1, 1],
    ...[-1, -1, 3, NaN],
    ...new Array(12).fill(-1),
  );
  const images = toImages(batch, 2);
  assert.equal(images.length, 2);
  assert.deepEqual([...images[0].data], [0, 255, 0, 255, 255, 0, 128, 255, 255, 0, 255, 0]);
  assert.deepEqual(images[1], blankImage(2, 2, [0, 0, 0]));
});

Deno.test("makeGrid() places pictures row by row with gaps", () => {
  const red = blankImage(2, 2, [255, 0, 0]);
  const blue = blankImage(2, 2, [0, 0, 255]);
  const grid = makeGrid([red, blue, red], { columns: 2, gap: 1, background: [9, 9, 9] });
  assert.deepEqual([grid.width, grid.height], [7, 7]);
  const at = (
    x: number,
    y: number,
  ): number[] => [...grid.data.subarray(3 * (y * 7 + x)).slice(0, 3)];
  assert.deepEqual(at(0, 0), [9, 9, 9]);
  assert.deepEqual(at(1, 1), [255, 0, 0]);
  assert.deepEqual(at(4, 2), [0, 0, 255]);
  assert.deepEqual(at(2, 5), [255, 0, 0]);
  assert.deepEqual(at(5, 5), [9, 9, 9], "the missing fourth picture");
});
