import assert from "node:assert/strict";
import { join } from "node:path";
import { CacheRoom, pruneCache } from "../src/data/cache_bounds.ts";
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

Deno.test("a photo replaced by one of equal size and with its old time is noticed", async () => {
  await withTempDir(async (dir) => {
    const [source, other] = [join(dir, "photos"), join(dir, "other.png")];
    await Deno.mkdir(source);
    const path = join(source, "a.png");
    const time = new Date(1e12);
    // Files of equal length.
    const of = (text: string) => encodePng(drawFacade(1, 0, 40, 40), { Comment: text });
    await Deno.writeFile(path, of("one"));
    await Deno.utime(path, time, time);
    const options = { source, cacheDir: join(dir, "cache"), workers: 1 };
    assert.equal((await first(options)).decoded, 1);
    assert.equal((await first(options)).cached, 1);
    // In place, as exiftool -P and cp -p do; Deno tells the time of the entry in whole seconds.
    await new Promise((done) => setTimeout(done, 1100));
    await Deno.writeFile(path, of("two"));
    await Deno.utime(path, time, time);
    assert.equal((await first(options)).decoded, 1);
    // As another file, renamed over it.
    await Deno.writeFile(other, of("six"));
    await Deno.utime(other, time, time);
    await Deno.rename(other, path);
    assert.equal((await first(options)).decoded, 1);
    assert.equal((await first(options)).cached, 1);
  });
});

Deno.test("drawn facades that were replaced in the cache are drawn again", async () => {
  await withTempDir(async (cacheDir) => {
    const drawn = await first({ cacheDir });
    const path = join(cacheDir, "street-1", "facade_0001.jpg");
    const [bytes, other] = await Promise.all([
      Deno.readFile(path),
      Deno.readFile(join(cacheDir, "street-1", "facade_0002.jpg")),
    ]);
    await Deno.writeFile(path, other);
    const again = await first({ cacheDir });
    assertSameNumbers(again.pixels, drawn.pixels, "pixels");
    assert.deepEqual(await Deno.readFile(path), bytes);
    assert.equal(again.decoded, 1, "the others are as they were");
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

Deno.test("a cache folder that cannot be written costs nothing but time, and is told of once", async () => {
  await withTempDir(async (dir) => {
    const file = join(dir, "a.png");
    await Deno.writeFile(file, encodePng(drawFacade(1, 0, 80, 80)));
    const told: string[] = [];
    const options = { workers: 2, onUncached: (line: string) => told.push(line) };
    // A file where the folder should be: for photos and for the facades that it should hold.
    for (const source of [[file, file], undefined]) {
      const { decoded } = await first({ ...options, ...source && { source }, cacheDir: file });
      assert.equal(decoded, source ? 1 : 320);
      assert.equal(told.length, 1);
      assert.match(told.pop()!, /not kept in the cache.*cannot write .*a\.png[^\n]*$/);
    }
    await first({ ...options, source: file, cacheDir: null }); // asked for
    assert.deepEqual(told, []);
  });
});

Deno.test("DiskCache says why it writes no more when the disk is full", async () => {
  await withTempDir((dir) => {
    const photo = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    using cache = new DiskCache(dir, "a", CacheRoom.create(1e6));
    const { writeSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.writeSync = () => {
      throw Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
    };
    try {
      cache.write("one", photo);
    } finally {
      Deno.FsFile.prototype.writeSync = writeSync;
    }
    assert.match(cache.failure!, /the disk is full/);
    assert.equal(cache.read("one"), undefined);
    return Promise.resolve();
  });
});

Deno.test("DiskCache keeps settings and identities apart", async () => {
  await withTempDir((dir) => {
    const photo = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    using cache = new DiskCache(dir, "a", CacheRoom.create(1e6));
    assert.equal(cache.read("one"), undefined);
    cache.write("one", photo);
    cache.write("three", photo);
    assert.deepEqual(cache.read("one"), photo);
    assert.equal(cache.read("two"), undefined);
    using same = new DiskCache(dir, "a", CacheRoom.create(1e6));
    assert.deepEqual(same.read("three"), photo);
    using other = new DiskCache(dir, "b", CacheRoom.create(1e6));
    assert.equal(other.read("one"), undefined);
    return Promise.resolve();
  });
});

/** Bytes of all files below a folder; 0 where there is none. */
async function bytesOf(dir: string): Promise<number> {
  let sum = 0;
  try {
    for await (const path of files(dir)) sum += (await Deno.stat(path)).size;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return sum;
}

Deno.test("CacheRoom gives what it has, to whichever thread asks first", () => {
  const room = CacheRoom.create(10 * 1024);
  const other = new CacheRoom(room.words);
  assert.equal(other.take(6 * 1024), true);
  assert.equal(room.take(5 * 1024), false);
  assert.equal(room.left, 4 * 1024);
  assert.equal(room.take(3 * 1024 + 1), true);
  assert.equal(other.take(1), false);
});

Deno.test("pruneCache() removes what was used longest ago, of all settings, and empty folders", async () => {
  await withTempDir(async (dir) => {
    const at = (name: string): string => join(dir, "photos", name);
    for (const folder of ["old", "new", "empty"]) await Deno.mkdir(at(folder), { recursive: true });
    for (const [name, usedAt] of [["old/1", 100], ["old/2", 400], ["new/3", 300], ["new/4", 200]]) {
      await Deno.writeFile(at(String(name)), new Uint8Array(1000));
      await Deno.utime(at(String(name)), Number(usedAt), Number(usedAt));
    }
    assert.equal(await pruneCache(dir, 2999), 2000);
    const left = await Array.fromAsync(files(dir));
    assert.deepEqual(left.sort(), [at("new/3"), at("old/2")]);
    await assert.rejects(Deno.stat(at("empty")), Deno.errors.NotFound);
    assert.equal(await pruneCache(dir, 0), 0);
    assert.equal(await pruneCache(join(dir, "none"), 100), 0);
  });
});

Deno.test("the disk cache keeps its bound: old settings make way, and too many photos are not all kept", async () => {
  await withTempDir(async (dir) => {
    const source = join(dir, "photos");
    const cacheDir = join(dir, "cache");
    await Deno.mkdir(source);
    for (let i = 0; i < 4; i++) {
      await Deno.writeFile(join(source, `${i}.png`), encodePng(drawFacade(1, i, 90, 80)));
    }
    const options = { source, cacheDir, workers: 1 };
    await first(options);
    const once = await bytesOf(cacheDir);
    assert.ok(once > 0);
    // Room for two settings. The first are used again, so the second are the oldest.
    const bounded = { ...options, cacheBytes: 2 * once + 10_000 };
    const age = async (): Promise<void> => {
      for await (const path of files(cacheDir)) {
        const { mtime } = await Deno.stat(path);
        const earlier = mtime!.getTime() / 1000 - 60;
        await Deno.utime(path, earlier, earlier);
      }
    };
    await first({ ...bounded, trimBorder: true });
    await age();
    assert.equal((await first(bounded)).cached, 4);
    await age();
    await first({ ...bounded, background: [0, 0, 0] });
    assert.ok(await bytesOf(cacheDir) <= bounded.cacheBytes);
    assert.equal((await first(bounded)).cached, 4, "used lately");
    assert.equal((await first({ ...bounded, trimBorder: true })).decoded, 4, "made way");

    const small = { ...options, cacheDir: join(dir, "small"), cacheBytes: Math.floor(once / 2) };
    assert.equal((await first(small)).decoded, 4);
    const kept = await bytesOf(small.cacheDir);
    assert.ok(kept > 0 && kept <= small.cacheBytes, `${kept} of ${small.cacheBytes}`);
    await first({ ...small, cacheDir: join(dir, "nothing"), cacheBytes: 0 });
    assert.equal(await bytesOf(join(dir, "nothing")), 0);
  });
});

Deno.test("openDataset() given cacheDir null writes nothing, and draws the facades that it would have cached", async () => {
  const before = Deno.env.get("FACADEGAN_CACHE");
  await withTempDir(async (dir) => {
    try {
      const usual = join(dir, "usual");
      Deno.env.set("FACADEGAN_CACHE", usual);
      const drawn = await first({ cacheDir: null });
      await assert.rejects(Deno.stat(usual), Deno.errors.NotFound);
      const cacheDir = join(dir, "own");
      const cached = await first({ cacheDir });
      assertSameNumbers(drawn.pixels, cached.pixels, "pixels");
      await Deno.stat(join(cacheDir, "street-1"));
      await assert.rejects(Deno.stat(usual), Deno.errors.NotFound);
    } finally {
      if (before === undefined) Deno.env.delete("FACADEGAN_CACHE");
      else Deno.env.set("FACADEGAN_CACHE", before);
    }
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
