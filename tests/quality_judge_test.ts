import assert from "node:assert/strict";
import { Judge } from "../src/judge/judge.ts";
import { distance, sharedFloats, Threads } from "../src/judge/threads.ts";
import { meanMsSsim, msSsim } from "../src/quality/ms_ssim.ts";
import { memorisedAbove, memorisedShare, nearestPhotos } from "../src/quality/nearest.ts";
import { takePatches } from "../src/quality/patches.ts";
import { pictureAt, type PictureSet } from "../src/quality/picture_set.ts";
import { slicedWasserstein } from "../src/quality/sliced_wasserstein.ts";
import { changed, houses } from "./quality.ts";
import { referenceMsSsim } from "./reference/quality/ms_ssim.ts";

function join(...sets: PictureSet[]): PictureSet {
  const data = new Uint8Array(sets.reduce((sum, set) => sum + set.data.length, 0));
  let at = 0;
  for (const set of sets) {
    data.set(set.data, at);
    at += set.data.length;
  }
  return { ...sets[0], count: sets.reduce((sum, { count }) => sum + count, 0), data };
}

function part(set: PictureSet, from: number, to: number): PictureSet {
  const each = 3 * set.size ** 2;
  return { ...set, count: to - from, data: set.data.slice(from * each, to * each) };
}

Deno.test("msSsim() agrees with a plain reference, at every size that networks draw", () => {
  for (const size of [32, 64, 128]) {
    const photos = houses(2, 1, size);
    const noisy = changed(photos, "noise", 30);
    const pairs = [[photos, 0, photos, 1], [photos, 0, noisy, 0], [noisy, 1, photos, 1]] as const;
    for (const [a, i, b, j] of pairs.slice(0, size === 128 ? 1 : 3)) {
      const [left, right] = [pictureAt(a, i), pictureAt(b, j)];
      const [own, expected] = [msSsim(left, right, size), referenceMsSsim(left, right, size)];
      assert.ok(Math.abs(own - expected) < 1e-9, `${size}: ${own}, ${expected}`);
    }
  }
});

Deno.test("msSsim() is 1 for the same picture, and less the more noise there is", () => {
  const photos = houses(1, 3);
  const [same, some, much] = [photos, ...[5, 40].map((n) => changed(photos, "noise", n))]
    .map((other) => msSsim(photos.data, other.data, 64));
  assert.ok(Math.abs(same - 1) < 1e-12, String(same));
  assert.ok(same > some && some > much && much > 0, `${some}, ${much}`);
});

Deno.test("meanMsSsim() is 1 where all pictures are the same, and low where they vary", () => {
  const one = houses(1, 5);
  assert.ok(Math.abs(meanMsSsim(join(one, one, one, one)) - 1) < 1e-12);
  assert.ok(meanMsSsim(houses(20, 5)) < 0.5);
  assert.ok(Number.isNaN(meanMsSsim(one)));
});

Deno.test("nearestPhotos() finds the photo behind a copy, mirrored, noisy or in other light", () => {
  const photos = houses(30, 7);
  const mirror = (set: PictureSet): PictureSet => ({
    ...set,
    data: set.data.map((_, i) => {
      const [row, x, k] = [Math.floor(i / 192), Math.floor(i / 3) % 64, i % 3];
      return set.data[192 * row + 3 * (63 - x) + k];
    }),
  });
  const darker = { ...photos, data: photos.data.map((value) => 10 + 0.7 * value) };
  for (const copy of [mirror(photos), changed(photos, "noise", 12), darker]) {
    for (const [i, { index, similarity }] of nearestPhotos(copy, photos).entries()) {
      assert.equal(index, i);
      assert.ok(similarity > 0.97, String(similarity));
    }
  }
  for (const [i, { index }] of nearestPhotos(photos, photos, { leaveOut: true }).entries()) {
    assert.notEqual(index, i);
  }
});

Deno.test("the share of memorised samples is that of the copies among them", () => {
  const [photos, others] = [houses(120, 8), houses(60, 9)];
  const above = memorisedAbove(photos);
  const share = (samples: PictureSet): number =>
    memorisedShare(nearestPhotos(samples, photos), above);
  assert.ok(share(others) < 0.1, String(share(others)));
  const mixed = join(changed(part(photos, 0, 20), "noise", 8), part(others, 0, 20));
  assert.ok(Math.abs(share(mixed) - 0.5) < 0.06, String(share(mixed)));
});

Deno.test("distance() on threads is slicedWasserstein()'s, however many threads there are", async () => {
  const [a, b, c] = [houses(4, 1), houses(3, 2), changed(houses(4, 1), "blur", 1)];
  const [ofA, ofB, ofC] = [a, b, c].map((set) => takePatches(set, 6, sharedFloats));
  const expected = [slicedWasserstein(a, b, { seed: 6 }), slicedWasserstein(c, b, { seed: 6 })];
  for (const count of [1, 3]) {
    using threads = new Threads(count);
    const found = await Promise.all([ofA, ofC].map((set) => distance(threads, [set, ofB], 6)));
    assert.deepEqual(found, expected);
  }
});

Deno.test("Judge compares samples with photos held out, and tells copies of training photos", async () => {
  const [reference, training] = [houses(16, 1), houses(40, 2)];
  const judge = new Judge({ reference, training }, { seed: 2, threads: 2 });
  const honest = await judge.judge(houses(20, 3));
  assert.deepEqual(honest.judgement.swd, slicedWasserstein(houses(20, 3), reference, { seed: 2 }));
  const first = part(training, 0, 20);
  assert.equal(honest.judgement.floor, slicedWasserstein(first, reference, { seed: 2 }).avg);
  assert.equal(honest.judgement.samples, 20);
  const copies = await judge.judge(changed(first, "noise", 10));
  assert.ok(copies.judgement.swd.avg > honest.judgement.swd.avg);
  assert.ok(copies.judgement.memorised > 0.9, String(copies.judgement.memorised));
  assert.ok(honest.judgement.memorised < 0.2, String(honest.judgement.memorised));
});
