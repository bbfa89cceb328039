import assert from "node:assert/strict";
import { drawView, renderView } from "../src/data/augment.ts";
import { DEFAULT_AUGMENTATION, NO_AUGMENTATION } from "../src/data/options.ts";
import { blankImage, type RgbImage } from "../src/image/image.ts";
import { type Filter, type Rect, resample, upscale } from "../src/image/resample.ts";
import { hash4 } from "../src/random.ts";

function noise(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => hash4(7, i, 0, 0)[0]);
  return { width, height, data };
}

/** The weight of input pixel `k` in the output pixel that covers [from, to): from first principles. */
function weight(filter: Filter, k: number, from: number, to: number): number {
  const ratio = to - from;
  if (filter === "area" && ratio >= 1) return Math.max(0, Math.min(k + 1, to) - Math.max(k, from));
  const x = (k + 0.5 - (from + to) / 2) / Math.max(1, ratio);
  if (filter === "area") return Math.max(0, 1 - Math.abs(x));
  if (Math.abs(x) >= 3) return 0;
  const sinc = (v: number): number => v === 0 ? 1 : Math.sin(Math.PI * v) / (Math.PI * v);
  return sinc(x) * sinc(x / 3);
}

/** Every output sample as one sum over the whole input, in float64. */
function reference(image: RgbImage, rect: Rect, width: number, height: number, filter: Filter) {
  const out = new Float64Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0];
      let total = 0;
      const [dx, dy] = [rect.width / width, rect.height / height];
      for (let row = 0; row < image.height; row++) {
        const down = weight(filter, row, rect.y + y * dy, rect.y + (y + 1) * dy);
        if (down === 0) continue;
        for (let column = 0; column < image.width; column++) {
          const w = down * weight(filter, column, rect.x + x * dx, rect.x + (x + 1) * dx);
          total += w;
          for (let c = 0; c < 3; c++) {
            sums[c] += w * image.data[3 * (row * image.width + column) + c];
          }
        }
      }
      for (let c = 0; c < 3; c++) out[3 * (y * width + x) + c] = sums[c] / total;
    }
  }
  return out;
}

Deno.test("resample() agrees with a float64 reference, shrinking and enlarging, area and Lanczos", () => {
  const image = noise(53, 37);
  const rects: Rect[] = [
    { x: 0, y: 0, width: 53, height: 37 },
    { x: 3.3, y: 1.7, width: 40.1, height: 31.9 },
    { x: 10.25, y: 5.5, width: 9, height: 7.125 },
  ];
  for (const filter of ["area", "lanczos"] as const) {
    for (const rect of rects) {
      for (const [width, height] of [[16, 16], [53, 37], [64, 5], [1, 1], [90, 70]]) {
        const got = resample(image, rect, width, height, filter).data;
        const want = reference(image, rect, width, height, filter);
        for (let i = 0; i < want.length; i++) {
          const clamped = Math.min(255, Math.max(0, want[i]));
          // Rounding is right but for sums within a hair of a half.
          assert.ok(
            Math.abs(got[i] - clamped) <= 0.5 + 1e-9,
            `${filter} ${JSON.stringify(rect)} to ${width}x${height}: ${got[i]} for ${want[i]}`,
          );
        }
      }
    }
  }
});

Deno.test("resample() of the whole picture to its own size changes nothing", () => {
  const image = noise(31, 19);
  assert.deepEqual(resample(image, { x: 0, y: 0, width: 31, height: 19 }, 31, 19), image);
});

Deno.test("resample() by area keeps the mean of a picture", () => {
  const image = noise(64, 64);
  const small = resample(image, { x: 0, y: 0, width: 64, height: 64 }, 1, 1);
  for (let c = 0; c < 3; c++) {
    const mean = image.data.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0) / 4096;
    assert.equal(small.data[c], Math.round(mean));
  }
});

Deno.test("renderView() without augmentation is the centre crop", () => {
  const image = noise(100, 80);
  const out = new Uint8ClampedArray(3 * 40 * 40);
  renderView(image, drawView(NO_AUGMENTATION, 1, 0, 0, 100, 80), 40, out);
  const want = resample(image, { x: 10, y: 0, width: 80, height: 80 }, 40, 40);
  assert.deepEqual(new Uint8Array(out.buffer), want.data);
});

Deno.test("renderView() mirrors left and right when the view says so", () => {
  const image = noise(70, 70);
  const view = drawView(DEFAULT_AUGMENTATION, 1, 0, 0, 70, 70);
  const [straight, mirrored] = [false, true].map((flip) => {
    const out = new Uint8ClampedArray(3 * 64 * 64);
    renderView(image, { ...view, flip }, 64, out);
    return out;
  });
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      for (let c = 0; c < 3; c++) {
        const delta = straight[3 * (y * 64 + x) + c] - mirrored[3 * (y * 64 + 63 - x) + c];
        assert.ok(Math.abs(delta) <= 1); // the same sums in another order
      }
    }
  }
});

Deno.test("renderView() applies gain and bias, and clamps", () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(0, 100, 200, 0, 100, 200) };
  const out = new Uint8ClampedArray(3);
  renderView(image, { x: 0, y: 0, side: 1, flip: false, gain: 1.5, bias: -10 }, 1, out);
  assert.deepEqual([...out], [0, 140, 255]);
});

Deno.test("drawView() is a pure function whose choices stay in range, each able to be switched off", () => {
  let flips = 0;
  for (let index = 0; index < 2000; index++) {
    const view = drawView(DEFAULT_AUGMENTATION, 3, 5, index, 120, 80);
    assert.deepEqual(view, drawView(DEFAULT_AUGMENTATION, 3, 5, index, 120, 80));
    assert.ok(view.side >= 0.85 * 80 && view.side <= 80);
    assert.ok(view.x >= 0 && view.x + view.side <= 120 && view.y >= 0 && view.y + view.side <= 80);
    const at127 = view.gain * 127.5 + view.bias; // contrast leaves mid-grey alone
    assert.ok(at127 >= 127.5 * 0.92 - 1e-9 && at127 <= 127.5 * 1.08 + 1e-9);
    flips += Number(view.flip);
    const off = { crop: [1, 1], flip: false, brightness: 0, contrast: 0 } as const;
    const { side, flip, gain, bias } = drawView(off, 3, 5, index, 120, 80);
    assert.deepEqual({ side, flip, gain, bias }, { side: 80, flip: false, gain: 1, bias: 0 });
  }
  assert.ok(flips > 900 && flips < 1100);
  assert.notDeepEqual(
    drawView(DEFAULT_AUGMENTATION, 3, 5, 0, 120, 80),
    drawView(DEFAULT_AUGMENTATION, 3, 6, 0, 120, 80),
  );
});

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
