import assert from "node:assert/strict";
import { join } from "node:path";
import { DiskCache } from "../src/data/disk_cache.ts";
import { cacheDir, type DatasetOptions, openDataset } from "../src/data/mod.ts";
import { PhotoStore } from "../src/data/photo_store.ts";
import { drawFacade } from "../src/synth/facade.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { assertSameNumbers } from "./numeric.ts";

async function withTempDir(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function* files(dir: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (isDirectory) yield* files(join(dir, name));
    else yield join(dir, name);
  }
}

/** The first batch, and how its photos were come by. */
async function first(options: DatasetOptions) {
  await using data = await openDataset({ batch: 4, workers: 2, ...options });
  const { decoded, cached, memoryBytes } = data.stats;
  return { pixels: (await data.batch(0)).pixels.slice(), decoded, cached, memoryBytes };
}

Deno.test("a second start reads the disk cache, and other settings or a changed file do not", async () => {
  await withTempDir(async (dir) => {
    const source = join(dir, "photos");
    const cache = join(dir, "cache");
    await Deno.mkdir(source);
    for (let i = 0; i < 4; i++) {
      await Deno.writeFile(join(source, `${i}.png`), encodePng(drawFacade(1, i, 90 + i, 80)));
    }
    const options = { source, cacheDir: cache };
    const cold = await first(options);
    assert.deepEqual([cold.decoded, cold.cached], [4, 0]);
    const warm = await first(options);
    assert.deepEqual([warm.decoded, warm.cached], [0, 4]);
    assertSameNumbers(warm.pixels, cold.pixels, "pixels");

    const other = await first({ ...options, layout: "left" });
    assert.deepEqual([other.decoded, other.cached], [4, 0]);

    // Another picture under an old name.
    await Deno.writeFile(join(source, "2.png"), encodePng(drawFacade(1, 9, 100, 80)));
    const changed = await first(options);
    assert.deepEqual([changed.decoded, changed.cached], [1, 3]);
    assert.notDeepEqual(changed.pixels, cold.pixels);
  });
});

Deno.test("a damaged entry of the disk cache is noticed and rebuilt", async () => {
  await withTempDir(async (dir) => {
    const source = join(dir, "photos");
    const cache = join(dir, "cache");
    await Deno.mkdir(source);
    for (let i = 0; i < 4; i++) {
      await Deno.writeFile(join(source, `${i}.png`), encodePng(drawFacade(1, i, 90, 80)));
    }
    const options = { source, cacheDir: cache, workers: 1 };
    const cold = await first(options);
    const [file, ...others] = await Array.fromAsync(files(cache));
    assert.equal(others.length, 0);
    const whole = await Deno.readFile(file);
    const record = whole.length / 4;
    const damages: [number, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array][] = [
      [1, (bytes) => bytes.fill(bytes[1000] ^ 1, 1000, 1001)], // a sample of the first photo
      [1, (bytes) => bytes.subarray(0, -1)], // the last photo cut short
      [4, (bytes) => bytes.fill(0, 0, 4)], // no start
      [3, (bytes) => bytes.fill(9, record + 5, record + 6)], // the second photo's size
      [4, () => new Uint8Array(0)],
    ];
    for (const [lost, damage] of damages) {
      for await (const path of files(cache)) await Deno.remove(path);
      await Deno.writeFile(file, damage(whole.slice()));
      const rebuilt = await first(options);
      assert.deepEqual([rebuilt.decoded, rebuilt.cached], [lost, 4 - lost]);
      assertSameNumbers(rebuilt.pixels, cold.pixels, "pixels");
    }
    const again = await first(options);
    assert.deepEqual([again.decoded, again.cached], [0, 4]);
  });
});

Deno.test("photos beyond the memory budget give the same batches, from disk or decoded anew", async () => {
  await withTempDir(async (dir) => {
    const source = join(dir, "photos");
    await Deno.mkdir(source);
    for (let i = 0; i < 6; i++) {
      await Deno.writeFile(join(source, `${i}.png`), encodePng(drawFacade(1, i, 90, 80)));
    }
    const whole = await first({ source, cacheDir: null });
    const budget = Math.floor(whole.memoryBytes / 2);
    for (const memoryBudget of [budget, 0]) {
      for (const cache of [join(dir, "cache"), null]) {
        const part = await first({ source, cacheDir: cache, memoryBudget });
        assert.ok(part.memoryBytes <= memoryBudget);
        assertSameNumbers(part.pixels, whole.pixels, "pixels");
      }
    }
  });
});

Deno.test("a cache folder that cannot be written costs nothing but time", async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, "a.png");
    await Deno.writeFile(file, encodePng(drawFacade(1, 0, 80, 80)));
    // A file where the folder should be.
    const { decoded } = await first({ source: file, cacheDir: file });
    assert.equal(decoded, 1);
  });
});

Deno.test("DiskCache keeps settings and identities apart", async () => {
  await withTempDir((dir) => {
    const photo = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    using cache = new DiskCache(dir, "a");
    assert.equal(cache.read("one"), undefined);
    cache.write("one", photo);
    cache.write("three", photo);
    assert.deepEqual(cache.read("one"), photo);
    assert.equal(cache.read("two"), undefined);
    using same = new DiskCache(dir, "a");
    assert.deepEqual(same.read("three"), photo);
    using other = new DiskCache(dir, "b");
    assert.equal(other.read("one"), undefined);
    return Promise.resolve();
  });
});

Deno.test("PhotoStore keeps what fits its budget and nothing else", () => {
  const photo = (level: number) => ({ width: 8, height: 8, data: new Uint8Array(192).fill(level) });
  const store = PhotoStore.create(3, 2 * 192);
  for (const level of [0, 1, 2]) store.put(level, photo(level));
  const other = new PhotoStore(store.memory); // as another thread would see it
  assert.equal(other.used, 384);
  assert.deepEqual([...other.get(1)!.data], Array(192).fill(1));
  assert.equal(other.get(2), undefined);
  store.put(1, photo(9)); // the first stays
  assert.equal(other.get(1)!.data[0], 1);
});

Deno.test("cacheDir() follows FACADEGAN_CACHE, then XDG_CACHE_HOME, then HOME", () => {
  const names = ["FACADEGAN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"];
  const before = names.map((name) => Deno.env.get(name));
  try {
    for (const name of names) Deno.env.delete(name);
    assert.equal(cacheDir(), null);
    Deno.env.set("HOME", "/home/me");
    assert.equal(cacheDir(), join("/home/me", ".cache", "facadegan"));
    Deno.env.set("XDG_CACHE_HOME", "/xdg");
    assert.equal(cacheDir(), join("/xdg", "facadegan"));
    Deno.env.set("FACADEGAN_CACHE", "/own");
    assert.equal(cacheDir(), "/own");
  } finally {
    for (const [i, name] of names.entries()) {
      const value = before[i];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});
