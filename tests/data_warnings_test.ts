import assert from "node:assert/strict";
import { join } from "node:path";
import { openDataset } from "../src/data/mod.ts";
import { type PhotoFacts, photoWarnings } from "../src/data/warnings.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";
import { drawFacade } from "../src/synth/facade.ts";

/** Photos that nothing is wrong with. */
const GOOD = {
  count: 400,
  batch: 64,
  size: 64,
  sizes: Array.from({ length: 400 }, () => ({ width: 640, height: 480 })),
  hashes: Array.from(
    { length: 400 },
    (_, i) => Uint32Array.from({ length: 4 }, (_, j) => hash4(i, j, 0, 0)[0]),
  ),
} satisfies PhotoFacts;

function only(facts: Partial<PhotoFacts>, expected: RegExp): void {
  const lines = photoWarnings({ ...GOOD, ...facts });
  assert.equal(lines.length, 1, lines.join("\n"));
  assert.match(lines[0], expected);
}

Deno.test("photos that nothing is wrong with get no warning, one odd one among them neither", () => {
  assert.deepEqual(photoWarnings(GOOD), []);
  const sizes = [...GOOD.sizes.slice(1), { width: 20, height: 300 }];
  const hashes = [...GOOD.hashes.slice(1), GOOD.hashes[7]];
  assert.deepEqual(photoWarnings({ ...GOOD, sizes, hashes }), []);
});

Deno.test("too few photos get one warning: one, fewer than a batch, fewer than a hundred", () => {
  only({ count: 1, batch: 1 }, /^there is one photo: /);
  only({ count: 63 }, /^there are 63 photos, fewer than a batch of 64: .* smaller `batch`$/);
  only({ count: 64 }, /^there are only 64 photos: /);
  only({ count: 99 }, /^there are only 99 photos: /);
  assert.deepEqual(photoWarnings({ ...GOOD, count: 100 }), []);
});

Deno.test("a fifth of near-duplicates, all tiny and all very long are each told once", () => {
  const alike = GOOD.hashes.map((hash, i) => i < 81 ? GOOD.hashes[0] : hash);
  only({ hashes: alike }, /^80 of 400 photos look nearly like another one: .*dataset inspect/);
  const fewer = GOOD.hashes.map((hash, i) => i < 80 ? GOOD.hashes[0] : hash);
  assert.deepEqual(photoWarnings({ ...GOOD, hashes: fewer }), []);
  const sizes = [{ width: 60, height: 63 }, { width: 900, height: 40 }];
  only({ sizes }, /^all photos are smaller than 64x64 \(the largest is 900x40\).* smaller `size`$/);
  only(
    { sizes: [{ width: 300, height: 149 }, { width: 100, height: 900 }] },
    /^all photos are more than 2/,
  );
});

Deno.test("openDataset() looks at the photos themselves, and not at facades it draws", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const tiny = encodePng(drawFacade(1, 0, 40, 30, "varied"));
    for (let i = 0; i < 3; i++) await Deno.writeFile(join(dir, `${i}.png`), tiny);
    const options = { batch: 2, cacheDir: null, workers: 1 };
    await using photos = await openDataset({ ...options, source: dir });
    const [few, alike, small, ...rest] = photos.warnings();
    assert.match(few, /only 3 photos/);
    assert.match(alike, /^2 of 3 photos look nearly/);
    assert.match(small, /the largest is 40x30/);
    assert.deepEqual(rest, []);
    await using drawn = await openDataset(options);
    assert.deepEqual(drawn.warnings(), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
