import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Dataset, type DatasetOptions, openDataset } from "../src/data/mod.ts";
import { openDatasetWith } from "../src/data/dataset.ts";
import { UserError } from "../src/errors.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";

/** A folder of pictures of noise, one for each [width, height]. */
async function pictures(dir: string, sizes: readonly (readonly [number, number])[]): Promise<void> {
  for (const [i, [width, height]] of sizes.entries()) {
    const data = Uint8Array.from({ length: 3 * width * height }, (_, k) => hash4(i, k, 0, 0)[0]);
    await Deno.writeFile(
      join(dir, `${String(i).padStart(2, "0")}_${width}.png`),
      encodePng({ width, height, data }),
    );
  }
}

async function withTempDir(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const SIZES = [[90, 70], [40, 60], [128, 128], [16, 16], [200, 64], [64, 64], [70, 140]] as const;

/** What the consumer would see of some steps. */
async function digest(data: Dataset, steps: readonly number[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const step of steps) {
    const batch = await data.batch(step);
    assert.equal(batch.step, step);
    hashes.push(createHash("sha256").update(batch.pixels.slice()).digest("hex"));
    batch.release();
  }
  return hashes;
}

Deno.test("batch() gives the same bits for 1, 2 and 8 workers, in any order, and after a resume", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, SIZES);
    const options: DatasetOptions = { source: dir, batch: 5, seed: 9, cacheDir: null, prefetch: 3 };
    const steps = Array.from({ length: 12 }, (_, i) => i);
    const seen: string[][] = [];
    for (const workers of [1, 2, 8]) {
      await using data = await openDataset({ ...options, workers });
      assert.equal(data.count, SIZES.length);
      assert.equal(data.stepsPerEpoch, 2);
      seen.push(await digest(data, steps));
    }
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
    assert.equal(new Set(seen[0]).size, 12);
    await using resumed = await openDataset({ ...options, workers: 2 });
    assert.deepEqual(await digest(resumed, [7, 8, 9]), seen[0].slice(7, 10));
    assert.deepEqual(await digest(resumed, [2, 11, 0]), [2, 11, 0].map((step) => seen[0][step]));
    await using other = await openDataset({ ...options, workers: 2, seed: 10 });
    assert.notEqual((await digest(other, [0]))[0], seen[0][0]);
  });
});

Deno.test("batch() shows every photo once an epoch, and in the order of names without shuffling", async () => {
  await withTempDir(async (dir) => {
    const data = (level: number) => new Uint8Array(3 * 64 * 64).fill(level);
    for (let i = 0; i < 10; i++) {
      const png = encodePng({ width: 64, height: 64, data: data(20 * i) });
      await Deno.writeFile(join(dir, `${i}.png`), png);
    }
    const options = {
      source: dir,
      batch: 5,
      cacheDir: null,
      workers: 2,
      augmentation: false,
    } as const;
    const levels = async (set: Dataset, step: number): Promise<number[]> => {
      const batch = await set.batch(step);
      const first = Array.from({ length: 5 }, (_, row) => batch.pixels[row * 3 * 64 * 64] / 20);
      batch.release();
      return first;
    };
    await using plain = await openDataset({ ...options, shuffle: false });
    assert.deepEqual(await levels(plain, 0), [0, 1, 2, 3, 4]);
    assert.deepEqual(await levels(plain, 3), [5, 6, 7, 8, 9]);
    await using shuffled = await openDataset(options);
    const epoch = async (first: number): Promise<number[]> => [
      ...await levels(shuffled, first),
      ...await levels(shuffled, first + 1),
    ];
    const [one, two] = [await epoch(0), await epoch(2)];
    assert.deepEqual(one.toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(two.toSorted(), one.toSorted());
    assert.notDeepEqual(one, two);
  });
});

Deno.test("batch() changes a photo at random, in another way each epoch, and not at all when told so", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, [[90, 70]]); // alone: whatever differs between epochs is augmentation
    const options: DatasetOptions = { source: dir, batch: 1, cacheDir: null, workers: 1 };
    await using data = await openDataset(options);
    const seen = await digest(data, [0, 1, 2, 3]);
    assert.equal(new Set(seen).size, 4);
    await using still = await openDataset({ ...options, augmentation: false });
    assert.equal(new Set(await digest(still, [0, 1, 2, 3])).size, 1);
  });
});

Deno.test("batches() hands memory on and stops where it is left", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, SIZES);
    await using data = await openDataset({ source: dir, batch: 4, cacheDir: null, prefetch: 2 });
    const steps: number[] = [];
    for await (const batch of data.batches(3)) {
      assert.equal(batch.pixels.length, 4 * 64 * 64 * 3);
      assert.ok(batch.pixels.buffer instanceof SharedArrayBuffer);
      steps.push(batch.step);
      if (steps.length === 9) break;
    }
    assert.deepEqual(steps, [3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.ok(data.waited >= 0);
  });
});

Deno.test("batch() says so when every batch is held, and after close()", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, SIZES.slice(0, 2));
    const data = await openDataset({
      source: dir,
      batch: 2,
      cacheDir: null,
      prefetch: 2,
      workers: 1,
    });
    const held = [await data.batch(0), await data.batch(1)];
    await assert.rejects(data.batch(2), /every prepared batch is held/);
    for (const batch of held) batch.release();
    held[0].release(); // twice does no harm
    (await data.batch(2)).release();
    await data.close();
    await assert.rejects(data.batch(3), /closed/);
    await data.close();
  });
});

/** Opens a folder with the worker that fails on purpose. */
async function openFaulty(dir: string, options: DatasetOptions): Promise<Dataset> {
  const notes = join(dir, "notes");
  await Deno.mkdir(notes, { recursive: true });
  Deno.env.set("FACADEGAN_TEST_NOTES", notes);
  const url = new URL("./data_faulty_worker.ts", import.meta.url);
  return await openDatasetWith({ source: dir, batch: 6, cacheDir: null, ...options }, url);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("a worker that crashes, hangs, dies or traps is replaced, and its photo tried once more", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, [[21, 16], [23, 16], [25, 16], [27, 16], [40, 40], [50, 50]]);
    const data = await openFaulty(dir, { workers: 2 });
    assert.equal(data.count, 6);
    assert.deepEqual(data.skipped, []);
    assert.ok(data.stats.workersReplaced >= 3); // the trap costs no worker
    (await data.batch(0)).release();
    await data.close();
  });
});

Deno.test("a photo that stops its decoder twice is reported and the rest is used", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, [[22, 16], [24, 16], [26, 16], [40, 40], [50, 50]]);
    const reported: string[] = [];
    const data = await openFaulty(dir, {
      workers: 2,
      onSkipped: ({ path, reason }) => reported.push(`${path}: ${reason}`),
    });
    assert.equal(data.count, 2);
    assert.equal(reported.length, 3);
    assert.match(reported[0], /00_22\.png: it stopped the decoder 2 times: /);
    assert.match(
      reported[1],
      /01_24\.png: it stopped the decoder 2 times: it took longer than 10 s/,
    );
    assert.match(reported[2], /02_26\.png: the decoder crashed on it twice: unreachable/);
    await data.close();
  });
});

Deno.test("a worker lost in the middle of a batch changes nothing in the batches", async () => {
  await withTempDir(async (dir) => {
    const options = { workers: 2, memoryBudget: 0, seed: 4 };
    await pictures(dir, [[21, 16], [23, 16], [27, 16], [40, 40], [50, 50], [60, 40]]);
    const steps = [0, 1, 2, 3];
    const calm = await openDataset({ source: dir, batch: 6, cacheDir: null, ...options });
    const want = await digest(calm, steps);
    await calm.close();
    // With no memory to keep them in, photos are decoded again for every batch.
    const data = await openFaulty(dir, options);
    for (const width of [21, 23, 27]) await Deno.remove(join(dir, "notes", String(width)));
    assert.deepEqual(await digest(data, steps), want);
    assert.ok(data.stats.workersReplaced >= 6);
    await data.close();
  });
});

Deno.test("a photo that vanishes during training is reported and replaced by another", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, SIZES.slice(0, 3));
    const options = { source: dir, batch: 3, cacheDir: null, memoryBudget: 0, workers: 1 };
    const data = await openDataset(options);
    await Deno.remove(join(dir, "01_40.png"));
    for (let step = 20; step < 24; step++) (await data.batch(step)).release();
    assert.deepEqual(data.skipped, [{ path: join(dir, "01_40.png"), reason: "it has vanished" }]);
    await data.close();
  });
});

Deno.test("close() does not wait for a hanging worker, nor for a consumer that has stopped", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, [[40, 40], [28, 16]]);
    const notes = join(dir, "notes");
    await Deno.mkdir(notes);
    await Deno.writeTextFile(join(notes, "28"), ""); // it stalls, but not yet
    const data = await openFaulty(dir, { workers: 1, memoryBudget: 0, prefetch: 2 });
    await data.batch(0); // never released
    await Deno.remove(join(notes, "28"));
    const pending = assert.rejects(data.batch(50), /closed/);
    while (!await exists(join(notes, "28"))) await new Promise((done) => setTimeout(done, 5));
    await data.close(); // the worker would take for ever
    await pending;
  });
});

Deno.test("openDataset() says in one line when a worker cannot run at all", async () => {
  await withTempDir(async (dir) => {
    await pictures(dir, [[40, 40]]);
    const url = new URL("./no_such_worker.ts", import.meta.url);
    await assert.rejects(
      openDatasetWith({ source: dir, cacheDir: null }, url),
      /the image workers cannot run/,
    );
  });
});

Deno.test("openDataset() names what is wrong with its source or options", async () => {
  await withTempDir(async (dir) => {
    const empty = join(dir, "empty");
    await Deno.mkdir(empty);
    const broken = join(dir, "broken");
    await Deno.mkdir(broken);
    await Deno.writeFile(join(broken, "a.jpg"), new Uint8Array(0));
    await Deno.writeTextFile(join(broken, "b.png"), "no picture");
    const cases: [DatasetOptions, RegExp][] = [
      [{ source: join(dir, "missing") }, /missing does not exist; give a folder of photos/],
      [{ source: empty }, /empty holds no picture/],
      [{ source: broken }, /none of the 2 pictures .* the first, .*a\.jpg: it is empty/],
      [{ source: join(broken, "a.txt") }, /a\.txt does not exist/],
      [{ source: broken, batch: 0 }, /batch must be a whole number from 1/],
      [{ source: broken, workers: 1.5 }, /workers must be a whole number/],
      [{ source: broken, augmentation: { crop: [0.9, 0.5] } }, /the crop must be two fractions/],
      [{ source: broken, augmentation: { contrast: 1 } }, /contrast must be at least 0/],
      [{ source: broken, layout: "top" as never }, /layout must be whole, left or right/],
    ];
    for (const [options, message] of cases) {
      await assert.rejects(openDataset({ cacheDir: null, ...options }), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
    }
  });
});
