import assert from "node:assert/strict";
import { openDataset } from "../src/data/mod.ts";
import { readPhotoSet } from "../src/data/photo_set.ts";
import { UserError } from "../src/errors.ts";
import { writePictures } from "./program.ts";

async function withPictures(count: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writePictures(`${folder}/photos`, count);
    await work(`${folder}/photos`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function namesOf(source: string, part: "training" | "held-out", holdout = 0.4) {
  const photos = await readPhotoSet({
    source,
    part,
    holdout,
    cacheDir: null,
    size: 32,
    workers: 1,
  });
  assert.equal(photos.data.length, photos.count * 32 * 32 * 3);
  return photos.names.map((name) => name.split("/").at(-1)!);
}

Deno.test("a holdout splits the photos in two, each on its side under any name", () =>
  withPictures(30, async (folder) => {
    const [training, heldOut] = [
      await namesOf(folder, "training"),
      await namesOf(folder, "held-out"),
    ];
    const all = Array.from({ length: 30 }, (_, i) => `${i}.png`).sort();
    assert.deepEqual([...training, ...heldOut].sort(), all);
    assert.ok(heldOut.length >= 6 && heldOut.length <= 18, String(heldOut.length));

    for (const name of all) await Deno.rename(`${folder}/${name}`, `${folder}/other-${name}`);
    assert.deepEqual(
      (await namesOf(folder, "held-out")).sort(),
      heldOut.map((name) => `other-${name}`).sort(),
    );
    // A larger share holds out these and more.
    const more = await namesOf(folder, "held-out", 0.8);
    for (const name of heldOut) assert.ok(more.includes(`other-${name}`));
  }));

Deno.test("training never draws a photo that is held out", () =>
  withPictures(12, async (source) => {
    const options = { source, holdout: 0.5, cacheDir: null, size: 32, workers: 1 } as const;
    const heldOut = await readPhotoSet({ ...options, part: "held-out" });
    await using dataset = await openDataset({ ...options, batch: 4, augmentation: false });
    assert.equal(dataset.count, 12 - heldOut.count);
    const each = 3 * 32 * 32;
    for (let step = 0; step < 6; step++) {
      const { pixels, release } = await dataset.batch(step);
      for (let i = 0; i < 4; i++) {
        const photo = pixels.slice(i * each, (i + 1) * each);
        for (let j = 0; j < heldOut.count; j++) {
          const apart = heldOut.data.subarray(j * each, (j + 1) * each);
          assert.ok(photo.some((value, k) => value !== apart[k]), heldOut.names[j]);
        }
      }
      release();
    }
  }));

Deno.test("a holdout that leaves nothing on a side, or is no share, is refused in words", () =>
  withPictures(2, async (source) => {
    const open = (holdout: number, part: "training" | "held-out") =>
      readPhotoSet({ source, holdout, part, cacheDir: null, size: 32, workers: 1 });
    await assert.rejects(open(1e-6, "held-out"), UserError);
    await assert.rejects(open(1 - 1e-6, "training"), /comes to all of them: choose another share/);
    await assert.rejects(open(1, "training"), /holdout must be at least 0 and less than 1/);
  }));
