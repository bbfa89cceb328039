import assert from "node:assert/strict";
import { join } from "node:path";
import { inspectDataset, openDataset, type OtherFiles } from "../src/data/mod.ts";
import { OTHERS, writeOneOfEverything } from "../bench/one_of_everything.ts";
import { describeOthers, listPictures } from "../src/data/sources.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { drawFacade } from "../src/synth/facade.ts";
import pictures from "./fixtures/web_pictures.json" with { type: "json" };

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const latin = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (c) => c.charCodeAt(0));

async function withFolder(
  files: Readonly<Record<string, Uint8Array>>,
  use: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(join(dir, name), bytes);
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const PNG = encodePng(drawFacade(1, 0, 40, 40));
Deno.test("kinds of files that are not read are counted, each with what makes pictures of it", async () => {
  const files = Object.fromEntries(Object.entries(OTHERS).map(([name, [, b]]) => [name, b]));
  await withFolder({ ...files, "x.png": PNG, "Thumbs.db": latin("?") }, async (dir) => {
    const told: OtherFiles[] = [];
    await using data = await openDataset({
      source: dir,
      batch: 1,
      workers: 1,
      cacheDir: null,
      onOthers: (kind) => told.push(kind),
    });
    assert.deepEqual([data.count, data.skipped], [1, []]);
    const kinds = new Set(Object.values(OTHERS).map(([kind]) => kind));
    assert.deepEqual(told.map(({ kind }) => kind).sort(), [...kinds].sort());
    const lines = told.map((one) => describeOthers(one).replaceAll(`${dir}/`, ""));
    for (
      const line of [
        "2 raw files (a.nef and others) are not read; develop them: darktable-cli IN OUT.jpg, or your camera's program",
        "1 HEIC file (a.heic) is not read; convert them: magick mogrify -format jpg *.heic",
        "1 other file (notes.txt) is no picture",
      ]
    ) assert.ok(lines.includes(line), `${line}\n\n${lines.join("\n")}`);
    assert.equal(told.filter(({ kind, advice }) => kind !== "other" && !advice).length, 0);
  });
  await withFolder({ "a.heic": OTHERS["a.heic"][1] }, async (dir) => {
    await assert.rejects(listPictures([dir]), /1 HEIC file .* is not read; convert them/);
    await assert.rejects(listPictures([join(dir, "a.heic")]), /of the kind HEIC; convert them/);
  });
});

Deno.test("a folder with one of everything: what is used, left out, and named", async () => {
  await withFolder({}, async (dir) => {
    await writeOneOfEverything(dir);
    const found = await inspectDataset({ source: dir, cacheDir: null, workers: 1 });
    assert.deepEqual(found.formats, { JPEG: 3, PNG: 4, WebP: 2, AVIF: 1, other: 1 });
    const within = (path: string): string => path.slice(dir.length + 1);
    assert.deepEqual(found.unreadable.map(({ path }) => within(path)), ["empty.jpg", "half.jpg"]);
    assert.deepEqual(found.flawed.map(({ path }) => within(path)), ["cut short.jpg"]);
    assert.deepEqual(found.duplicates.map((group) => group.map(within)), [[
      "copy.png",
      "photo.png",
    ]]);
    assert.equal(found.usable, 9);
    const kinds = new Set(Object.values(OTHERS).map(([kind]) => kind));
    assert.deepEqual(found.others.map(({ kind }) => kind).sort(), [...kinds].sort());
  });
});

Deno.test("WebP and AVIF are used whatever they are called, their decoders loaded when met", async () => {
  const files = {
    "a.jpg": bytesOf(pictures["lossy.webp"].file),
    "b": bytesOf(pictures["smooth.avif"].file),
    "c.webp": PNG,
  };
  await withFolder(files, async (dir) => {
    const found = await inspectDataset({ source: dir, cacheDir: null, workers: 1 });
    assert.deepEqual(found.formats, { WebP: 1, AVIF: 1, PNG: 1 });
    assert.deepEqual([found.usable, found.unreadable], [3, []]);
    assert.deepEqual(found.sizes, { "26x22": 1, "64x48": 1, "40x40": 1 });
  });
});

Deno.test("a link to a folder is followed once, and links that lead round do no harm", async () => {
  await withFolder({ "a.png": PNG }, async (dir) => {
    const outside = await Deno.makeTempDir();
    try {
      await Deno.writeFile(join(outside, "o.png"), PNG);
      await Deno.symlink(outside, join(dir, "linked"));
      await Deno.symlink(outside, join(dir, "linked again"));
      await Deno.symlink(dir, join(dir, "round"));
      await Deno.symlink(dir, join(outside, "back"));
      const { items } = await listPictures([dir]);
      assert.deepEqual(
        items.map(({ name }) => name),
        [join(dir, "a.png"), join(dir, "linked", "o.png")],
      );
    } finally {
      await Deno.remove(outside, { recursive: true });
    }
  });
});
