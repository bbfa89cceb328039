import assert from "node:assert/strict";
import { blankImage, type RgbImage } from "../src/image/image.ts";
import { upscale } from "../src/image/upscale.ts";

function ramp(width: number, height: number): RgbImage {
  const data = Uint8Array.from(
    { length: 3 * width * height },
    (_, i) => 10 * (Math.floor(i / 3) % width) + (i % 3),
  );
  return { width, height, data };
}

Deno.test("upscale() by nearest neighbour repeats each pixel", () => {
  const { width, height, data } = upscale(ramp(3, 2), 2, "nearest");
  assert.deepEqual([width, height], [6, 4]);
  for (let y = 0; y < 4; y++) {
    const row = Array.from({ length: 6 }, (_, x) => data[3 * (y * 6 + x)]);
    assert.deepEqual(row, [0, 0, 10, 10, 20, 20]);
  }
});

Deno.test("upscale() by Lanczos keeps a flat picture flat", () => {
  assert.deepEqual(
    upscale(blankImage(5, 4, [12, 200, 77]), 3, "lanczos"),
    blankImage(15, 12, [12, 200, 77]),
  );
});

Deno.test("upscale() by Lanczos follows a ramp between its ends", () => {
  const { width, data } = upscale(ramp(16, 4), 4, "lanczos");
  for (let x = 16; x < width - 16; x++) {
    const expected = 10 * ((x + 0.5) / 4 - 0.5);
    assert.ok(Math.abs(data[3 * (8 * width + x)] - expected) <= 1.5, `at ${x}`);
  }
});

Deno.test("upscale() by Lanczos clamps where it overshoots", () => {
  const edge = blankImage(8, 1, [0, 0, 0]);
  for (let i = 12; i < 24; i++) edge.data[i] = 255;
  const { data } = upscale(edge, 4, "lanczos");
  assert.equal(data[0], 0);
  assert.equal(data[data.length - 1], 255);
  const wrapped = data.some((value, i) => i < 3 * 12 && value > 100);
  assert.ok(!wrapped, "a negative value must not become a large one");
});
