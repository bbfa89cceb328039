import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { laplacianPyramid, pyramidSizes } from "../src/quality/laplacian.ts";
import { pictureAt, type PictureSet } from "../src/quality/picture_set.ts";
import { project } from "../src/quality/project.ts";
import { slicedWasserstein } from "../src/quality/sliced_wasserstein.ts";
import { wasserstein } from "../src/quality/wasserstein.ts";
import { assertClose, dot, randomArray } from "./numeric.ts";
import { changed, houses } from "./quality.ts";
import {
  referenceLevelDistance,
  referencePyramid,
  referenceWasserstein,
} from "./reference/quality/sliced_wasserstein.ts";

Deno.test("wasserstein() is the mean difference of both sets sorted, also of unequal lengths", () => {
  for (const [n, m] of [[500, 500], [500, 300], [1, 7]]) {
    const a = Float32Array.from(randomArray(n, 1));
    const b = Float32Array.from(randomArray(m, 2), (value) => 1.5 * value + 0.3);
    const all = [...a, ...b];
    const step = (Math.max(...all) - Math.min(...all)) / 65535;
    const error = Math.abs(wasserstein(a, b) - referenceWasserstein([...a], [...b]));
    assert.ok(error <= step / 2, `${n}, ${m}: ${error} of ${step}`);
  }
});

Deno.test("wasserstein() of normal distributions is what theory says", () => {
  const n = 200_000;
  const [a, b] = [1, 2].map((key) => Float32Array.from(randomArray(n, key)));
  assert.equal(wasserstein(a, a), 0);
  assert.ok(wasserstein(a, b) < 0.01);
  // A shift is as far as it shifts; a change of deviation s is |s - 1| times the mean |x|.
  assert.ok(Math.abs(wasserstein(a, a.map((x) => x + 2)) - 2) < 1e-4);
  const mean = Math.sqrt(2 / Math.PI);
  assert.ok(Math.abs(wasserstein(a, b.map((x) => 3 * x)) - 2 * mean) < 0.02);
  assert.equal(wasserstein(Float32Array.of(4, 4), Float32Array.of(4)), 0);
});

Deno.test("project() multiplies vectors with directions, also an odd number of vectors", () => {
  for (const count of [1, 63, 130, 131]) {
    const vectors = Float32Array.from(randomArray(count * 147, 3));
    const directions = Array.from({ length: 8 }, (_, i) => randomArray(147, 10 + i));
    const out = new Float32Array(8 * count).fill(NaN);
    project(vectors, directions, out);
    const expected = directions.flatMap((direction) =>
      Array.from(
        { length: count },
        (_, n) => dot(vectors.subarray(147 * n, 147 * (n + 1)), direction),
      )
    );
    assertClose(out, expected, 1e-6, `${count} vectors`);
  }
});

Deno.test("laplacianPyramid() is what whole 5x5 filters and zeros between pixels give", () => {
  assert.deepEqual(pyramidSizes(64), [64, 32, 16]);
  assert.deepEqual(pyramidSizes(48), [48, 24]);
  const set = houses(1, 1);
  const levels = laplacianPyramid(pictureAt(set, 0), 64);
  for (let colour = 0; colour < 3; colour++) {
    for (const [i, plane] of referencePyramid(set, 0, colour).entries()) {
      const own = levels[i].data.filter((_, j) => j % 3 === colour);
      assertClose(own, plane.flat(), 1e-6, `level ${i}, colour ${colour}`);
    }
  }
});

Deno.test("slicedWasserstein() agrees with a plain float64 reference on every level", () => {
  const [a, b] = [houses(3, 1), changed(houses(2, 2), "noise", 20)];
  const swd = slicedWasserstein(a, b, { seed: 5 });
  assert.deepEqual(Object.keys(swd).sort(), ["16", "32", "64", "avg"]);
  for (const [level, size] of [64, 32, 16].entries()) {
    const expected = referenceLevelDistance(a, b, level, 5);
    assert.ok(Math.abs(swd[size] / expected - 1) < 1e-4, `${size}: ${swd[size]}, ${expected}`);
  }
  assert.ok(Math.abs(swd.avg - (swd[64] + swd[32] + swd[16]) / 3) < 1e-9);
});

Deno.test("slicedWasserstein() of a set with itself is 0; light and contrast change nothing", () => {
  const photos = houses(12, 1);
  assert.deepEqual(slicedWasserstein(photos, photos), { 16: 0, 32: 0, 64: 0, avg: 0 });
  // Levels are normalised, so a shift of all values or a factor on them must vanish.
  const map = (change: (value: number) => number): PictureSet => ({
    ...photos,
    data: photos.data.map((value) => change(value >> 1)),
  });
  const plain = map((value) => value);
  assert.ok(slicedWasserstein(plain, map((value) => value + 90)).avg < 0.01);
  assert.ok(slicedWasserstein(plain, map((value) => 2 * value)).avg < 0.01);
});

Deno.test("slicedWasserstein() grows with noise and with blur, most on the finest level", () => {
  const photos = houses(10, 1);
  for (const other of [photos, houses(10, 2)]) {
    const floor = slicedWasserstein(photos, other);
    for (const kind of ["noise", "blur"] as const) {
      const worse = [4, 16].map((amount) =>
        slicedWasserstein(photos, changed(other, kind, amount))
      );
      const [none, some, much] = [floor, ...worse].map(({ avg }) => avg);
      assert.ok(none < some && some < much, `${kind}: ${none}, ${some}, ${much}`);
      assert.ok(worse[1][64] - floor[64] > worse[1][16] - floor[16], kind);
    }
  }
});

Deno.test("slicedWasserstein() follows from its seed and refuses what cannot be compared", () => {
  const [a, b] = [houses(4, 1), houses(4, 2)];
  assert.deepEqual(slicedWasserstein(a, b, { seed: 3 }), slicedWasserstein(a, b, { seed: 3 }));
  assert.notEqual(slicedWasserstein(a, b).avg, slicedWasserstein(a, b, { seed: 3 }).avg);
  const small = { count: 1, size: 32, data: new Uint8Array(3 * 32 * 32) };
  assert.throws(() => slicedWasserstein(a, small), UserError);
  assert.throws(() => slicedWasserstein(a, { ...a, count: 0, data: new Uint8Array() }), UserError);
});
