import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { findPhoto } from "../src/data/trim_border.ts";
import { inspectDataset, openDataset, synthFacades } from "../src/data/mod.ts";
import { readItem } from "../src/data/items.ts";
import { listPictures } from "../src/data/sources.ts";
import { drawFacade } from "../src/synth/facade.ts";
import { UserError } from "../src/errors.ts";
import type { RgbImage } from "../src/image/image.ts";
import { encodePng } from "../src/image/png_encoder.ts";

async function withTempDir(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** A tar file of members: [name, bytes], [long name, bytes, "gnu" or "pax"]. */
function tar(members: readonly [string, Uint8Array, ("gnu" | "pax")?][]): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  const push = (name: string, type: string, body: Uint8Array): void => {
    const header = new Uint8Array(512);
    const put = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
    put(0, name.slice(0, 100));
    put(124, body.length.toString(8).padStart(11, "0"));
    put(156, type);
    put(257, "ustar\x0000");
    put(148, "        ");
    put(148, header.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0") + "\0 ");
    const padded = new Uint8Array(Math.ceil(body.length / 512) * 512);
    padded.set(body);
    blocks.push(header, padded);
  };
  for (const [name, body, long] of members) {
    if (long === "gnu") push("././@LongLink", "L", new TextEncoder().encode(name + "\0"));
    if (long === "pax") {
      const record = ` path=${name}\n`;
      const length = record.length + 3; // three digits are enough here
      push("PaxHeader", "x", new TextEncoder().encode(`${length}${record}`));
    }
    push(name, name.endsWith("/") ? "5" : "0", body);
  }
  return Uint8Array.from([...blocks, new Uint8Array(1024)].flatMap((block) => [...block]));
}

Deno.test("listPictures() finds pictures at any depth, in tars too, sorted by name", async () => {
  await withTempDir(async (dir) => {
    const png = encodePng(drawFacade(1, 0, 40, 40));
    await Deno.mkdir(join(dir, "b", "c"), { recursive: true });
    await Deno.mkdir(join(dir, ".hidden"));
    for (const name of ["z.PNG", "b/c/a.jpeg", ".hidden/x.png", "b/d.jfif", "unnamed"]) {
      await Deno.writeFile(join(dir, name), png);
    }
    const word = new TextEncoder().encode("front");
    await Deno.writeFile(join(dir, "b/readme.txt"), word);
    await Deno.symlink(join(dir, "nowhere.png"), join(dir, "dangling.png"));
    await Deno.writeFile(join(dir, "shard.tar"), tar([["x/1.png", png], ["x/1.cls", word]]));
    const { items, others } = await listPictures([dir, join(dir, "z.PNG")]);
    const names = items.map(({ name }) => name);
    assert.deepEqual(
      names,
      ["b/c/a.jpeg", "b/d.jfif", "shard.tar/x/1.png", "unnamed", "z.PNG"].map((name) =>
        join(dir, name)
      ),
    );
    assert.deepEqual(others, [
      { kind: "other", count: 2, example: join(dir, "b/readme.txt"), advice: "" },
    ]);
  });
});

Deno.test("tars are read without unpacking, several at once, and give the batches their files give", async () => {
  await withTempDir(async (dir) => {
    const folder = join(dir, "files");
    await Deno.mkdir(folder);
    const photos = Array.from({ length: 6 }, (_, i) => encodePng(drawFacade(2, i, 70, 90)));
    const long = (i: number): string => `${"deep/".repeat(25)}${i}.png`; // over 100 bytes
    for (const [i, png] of photos.entries()) await Deno.writeFile(join(folder, `${i}.png`), png);
    const none = new Uint8Array(0);
    await Deno.writeFile(
      join(dir, "a.tar"),
      tar([["deep/", none], [long(0), photos[0], "gnu"], [long(1), photos[1], "pax"], [
        "deep/label.json",
        new TextEncoder().encode("{}"),
      ]]),
    );
    await Deno.writeFile(
      join(dir, "b.tar"),
      tar([2, 3, 4, 5].map((i): [string, Uint8Array] => [`${i}.png`, photos[i]])),
    );
    const hash = async (source: string | string[]): Promise<string> => {
      await using data = await openDataset({ source, batch: 6, cacheDir: null, workers: 2 });
      assert.equal(data.count, 6);
      return createHash("sha256").update((await data.batch(0)).pixels.slice()).digest("hex");
    };
    const { items } = await listPictures([join(dir, "a.tar")]);
    assert.deepEqual(items.map(({ name }) => name), [0, 1].map((i) => join(dir, "a.tar", long(i))));
    assert.deepEqual(readItem(items[1]), photos[1]);
    assert.equal(await hash([join(dir, "a.tar"), join(dir, "b.tar")]), await hash(folder));
  });
});

Deno.test("a tar that is cut short or no tar is refused by name where it is all there is", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "a.tar");
    const bytes = tar([["1.png", encodePng(drawFacade(1, 0, 60, 60, "varied"))]]);
    await Deno.writeFile(path, bytes.subarray(0, 2000));
    await assert.rejects(
      listPictures([path]),
      /a\.tar cannot be used: it is cut short: 1\.png goes beyond its end/,
    );
    await Deno.writeFile(path, bytes.fill(7, 0, 100));
    await assert.rejects(listPictures([path]), UserError);
  });
});

/** Gives the first header of a tar another length field, and the checksum that goes with it. */
function withLength(bytes: Uint8Array<ArrayBuffer>, field: string | Uint8Array) {
  const header = bytes.subarray(0, 512);
  header.set(typeof field === "string" ? new TextEncoder().encode(field) : field, 124);
  header.fill(32, 148, 156);
  const sum = header.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0");
  header.set(new TextEncoder().encode(`${sum}\0 `), 148);
  return bytes;
}

Deno.test("a tar member of negative, broken or endless length is damage, and nothing hangs", async () => {
  await withTempDir(async (dir) => {
    const path = join(dir, "a.tar");
    const minus = new Uint8Array(12).fill(255); // -1 in the form for large files
    const huge = new Uint8Array(12).fill(255).fill(0x80, 0, 1);
    for (const field of ["-0000001750\0", "0000001e000\0", "99999999999\0", minus, huge]) {
      await Deno.writeFile(path, withLength(tar([["1.png", new Uint8Array(1000)]]), field));
      await assert.rejects(listPictures([path]), (error: Error) => {
        assert.ok(error instanceof UserError, String(error.stack));
        assert.match(error.message, /damaged at byte 0: the length of 1\.png is no length/);
        return true;
      });
    }
    const name = withLength(tar([["n", new Uint8Array(2 ** 21)]]), "00010000000\0");
    name[156] = "L".charCodeAt(0);
    await Deno.writeFile(path, withLength(name, "00010000000\0"));
    await assert.rejects(listPictures([path]), /a name of 2097152 bytes/);
  });
});

Deno.test("what cannot be read within a folder is skipped and named, and the rest is used", async () => {
  await withTempDir(async (dir) => {
    const at = (name: string): string => join(dir, name);
    const png = encodePng(drawFacade(1, 0, 60, 60));
    await Deno.writeFile(at("good.png"), png);
    const cut = 512 + Math.ceil(png.length / 512) * 512 + 600; // within the second picture
    await Deno.symlink(at("nowhere"), at("dangling.tar"));
    await Deno.symlink(at("nowhere"), at("dangling.png"));
    await Deno.writeFile(at("cut.tar"), tar([["1.png", png], ["2.png", png]]).slice(0, cut));
    await Deno.writeTextFile(at("empty.tar"), "");
    await Deno.mkdir(at("closed"));
    const { success } = await new Deno.Command("mkfifo", { args: [at("x.tar"), at("y.jpg")] })
      .output();
    assert.ok(success);
    const { readDir } = Deno;
    // Permissions do not stop the administrator, as whom tests often run.
    Deno.readDir = (path) => {
      if (path === at("closed")) throw new Deno.errors.PermissionDenied("no");
      return readDir(path);
    };
    try {
      await using data = await openDataset({ source: dir, batch: 1, cacheDir: null, workers: 1 });
      assert.equal(data.count, 2);
      assert.deepEqual(data.skipped.map(({ path, reason }) => [path, reason]), [
        [at("closed"), "you may not read it"],
        [at("cut.tar"), "it is cut short: 2.png goes beyond its end"],
        [at("dangling.png"), "it leads nowhere"],
        [at("dangling.tar"), "it leads nowhere"],
        [at("empty.tar"), "it is empty"],
        [at("x.tar"), "it is no regular file"],
        [at("y.jpg"), "it is no regular file"],
      ]);
    } finally {
      Deno.readDir = readDir;
    }
    await assert.rejects(
      listPictures([at("x.tar")]),
      /x\.tar cannot be used: it is no regular file/,
    );
  });
});

Deno.test("what other systems leave beside photos is passed over, in folders and tars alike", async () => {
  await withTempDir(async (dir) => {
    const png = encodePng(drawFacade(1, 0, 40, 40));
    const names = ["._a.png", "__MACOSX/._a.png", "__MACOSX/a.png", ".trash/a.png", "Thumbs.db"];
    await Deno.mkdir(join(dir, "__MACOSX"));
    await Deno.mkdir(join(dir, ".trash"));
    for (const name of [...names, "a.png"]) await Deno.writeFile(join(dir, name), png);
    const inTar = [...names, "./sub/._b.png", "./sub/b.png"];
    await Deno.writeFile(
      join(dir, "z.tar"),
      tar(inTar.map((name): [string, Uint8Array] => [name, png])),
    );
    const found = (await listPictures([dir], () => assert.fail("nothing to name"))).items
      .map(({ name }) => name);
    assert.deepEqual(found, [join(dir, "a.png"), `${join(dir, "z.tar")}/./sub/b.png`]);
  });
});

Deno.test("openDataset() refuses an empty list of sources in one line", async () => {
  await assert.rejects(openDataset({ source: [] }), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /^source names nothing; .*$/);
    return true;
  });
});

Deno.test("layout left and right take their half of pix2pix pairs", async () => {
  await withTempDir(async (dir) => {
    const data = new Uint8Array(3 * 128 * 64);
    for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / 3) % 128 < 64 ? 40 : 200;
    await Deno.writeFile(join(dir, "pair.png"), encodePng({ width: 128, height: 64, data }));
    for (const [layout, level] of [["left", 40], ["right", 200]] as const) {
      await using set = await openDataset({
        source: dir,
        batch: 1,
        layout,
        cacheDir: null,
        augmentation: false,
        workers: 1,
      });
      const { pixels } = await set.batch(0);
      assert.ok(pixels.every((value) => value === level));
    }
  });
});

/** A facade with black or grey wedges at both sides, as rectification leaves them. */
function wedged(fill: number, width: number): RgbImage {
  const image = drawFacade(3, 1, 200, 200);
  for (let y = 0; y < 200; y++) {
    const reach = width * y / 200;
    for (let x = 0; x < 200; x++) {
      if (x < reach || x >= 200 - reach / 2) {
        image.data.fill(fill, 3 * (200 * y + x), 3 * (200 * y + x) + 3);
      }
    }
  }
  return image;
}

Deno.test("findPhoto() cuts black and grey wedges off, and leaves whole photos alone", () => {
  const whole = { x: 0, y: 0, width: 200, height: 200 };
  for (const fill of [0, 128]) {
    const image = wedged(fill, 60);
    const { x, y, width, height } = findPhoto(image, whole);
    assert.ok(width * height > 0.5 * 200 * 200, `${width} x ${height}`);
    for (let row = Math.ceil(y); row < Math.floor(y + height); row++) {
      const reach = 60 * row / 200;
      assert.ok(x >= reach - 2 && x + width <= 200 - reach / 2 + 2);
    }
  }
  for (let index = 0; index < 20; index++) {
    const image = drawFacade(3, index, 120, 120);
    const part = { x: 0, y: 0, width: 120, height: 120 };
    assert.deepEqual(findPhoto(image, part), part, `facade ${index}`);
  }
});

Deno.test("synthFacades() draws the same files for the same seed, and keeps those that are there", async () => {
  await withTempDir(async (dir) => {
    const options = { count: 9, size: 48, seed: 5, workers: 2 };
    const [one, two] = [join(dir, "one"), join(dir, "two")];
    const paths = await synthFacades({ ...options, folder: one });
    assert.deepEqual(paths.map((path) => path.slice(-8)), [
      ..."1234567".split("").map((n) => `000${n}.jpg`),
      "0008.png",
      "0009.jpg",
    ]);
    await Deno.mkdir(two);
    await Deno.writeTextFile(join(two, "facade_0002.jpg"), "mine");
    const again = await synthFacades({ ...options, folder: two });
    assert.equal(await Deno.readTextFile(again[1]), "mine");
    assert.deepEqual(await Deno.readFile(again[7]), await Deno.readFile(paths[7]));
    assert.deepEqual(await Deno.readFile(again[8]), await Deno.readFile(paths[8]));
    await assert.rejects(synthFacades({ ...options, count: 0, folder: one }), /count must be/);
    await assert.rejects(synthFacades({ folder: paths[0] }), UserError);
  });
});

Deno.test("synthFacades() writes through no link planted under names that could be guessed", async () => {
  await withTempDir(async (dir) => {
    const [folder, victim] = [join(dir, "photos"), join(dir, "victim")];
    await Deno.mkdir(folder);
    await Deno.writeTextFile(victim, "precious");
    const planted = join(folder, `facade_0001.jpg.${Deno.pid}.tmp`);
    await Deno.symlink(victim, planted);
    await synthFacades({ folder, count: 1, size: 48, workers: 1 });
    assert.equal(await Deno.readTextFile(victim), "precious");
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assert.equal(names.length, 2, "nothing is left beside it");
  });
});

Deno.test("inspectDataset() counts formats and sizes, names broken files and finds copies", async () => {
  await withTempDir(async (dir) => {
    // Houses of one street look alike by design.
    await synthFacades({ folder: dir, count: 8, size: 64, style: "varied", workers: 2 });
    // The same facade, larger and in another format.
    await Deno.writeFile(join(dir, "copy.png"), encodePng(drawFacade(1, 2, 64, 64, "varied")));
    await Deno.writeTextFile(join(dir, "broken.jpg"), "no picture");
    const found = await inspectDataset({ source: dir, cacheDir: null, workers: 2, sheet: 4 });
    assert.equal(found.files, 10);
    assert.equal(found.usable, 9);
    assert.deepEqual(found.unreadable.map(({ path }) => path), [join(dir, "broken.jpg")]);
    assert.deepEqual(found.duplicates, [[join(dir, "copy.png"), join(dir, "facade_0003.jpg")]]);
    assert.deepEqual(found.formats, { JPEG: 7, PNG: 2, other: 1 });
    assert.deepEqual(found.sizes, { "64x64": 9 });
    assert.ok(found.meanColor.every((value) => value > 60 && value < 220));
    assert.equal(found.contactSheet.height, 64 + 4);
  });
});
