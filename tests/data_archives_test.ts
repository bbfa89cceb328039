import assert from "node:assert/strict";
import { join } from "node:path";
import { zipSync } from "npm:fflate@0.8.3";
import { openDataset } from "../src/data/mod.ts";
import { readItem } from "../src/data/items.ts";
import { listPictures } from "../src/data/sources.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { encodeJpeg } from "../src/image/jpeg.ts";
import { drawFacade } from "../src/synth/facade.ts";

const PNG = encodePng(drawFacade(1, 0, 40, 40));
const JPEG = encodeJpeg(drawFacade(1, 1, 40, 40), 90);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Lists the pictures of an archive: names within it, what is skipped, and the bytes of each. */
async function list(
  file: string,
  bytes: Uint8Array,
): Promise<{ names: string[]; reasons: string[]; read: () => Uint8Array[] }> {
  const dir = await Deno.makeTempDir();
  const path = join(dir, file);
  await Deno.writeFile(path, bytes);
  await Deno.writeFile(join(dir, "beside.png"), PNG); // lest it all be refused
  const reasons: string[] = [];
  const { items } = await listPictures([dir], ({ reason }) => reasons.push(reason));
  const within = items.filter(({ path: one }) => one === path);
  const contents: Uint8Array[] = [];
  let failure: unknown;
  try {
    for (const item of within) contents.push(readItem(item));
  } catch (error) {
    failure = error;
  }
  await Deno.remove(dir, { recursive: true });
  const names = within.map(({ name }) => name.slice(path.length + 1));
  const read = () => {
    if (failure) throw failure;
    return contents;
  };
  return { names, reasons, read };
}

/** Where the table's entry of a file, or the end record, stands. */
function find(zip: Uint8Array, signature: string, nth = 0): number {
  const text = String.fromCharCode(...zip);
  let at = -1;
  for (let i = 0; i <= nth; i++) at = text.indexOf(signature, at + 1);
  assert.ok(at >= 0);
  return at;
}
const ENTRY = "PK\x01\x02";
const END = "PK\x05\x06";

Deno.test("a zip is read as a tar is: stored and deflated, by content, foreign files passed over", async () => {
  const zip = zipSync({
    "a/1.png": [PNG, { level: 0 }],
    "a/2": [JPEG, { level: 9 }],
    "a/notes.txt": latin("hello"),
    "__MACOSX/a/._1.png": PNG,
    "a/._2.jpg": JPEG,
    "a/Thumbs.db": PNG,
    "../../up.png": PNG,
    "a/folder/": new Uint8Array(0),
  });
  const { names, reasons, read } = await list("photos.zip", zip);
  assert.deepEqual(names, ["../../up.png", "a/1.png", "a/2"]); // names only: nothing is unpacked
  assert.deepEqual(reasons, []);
  assert.deepEqual(read(), [PNG, PNG, JPEG]);
});

Deno.test("what of a zip cannot be read is named, the rest is used", async () => {
  const files = { "1.png": PNG, "2.jpg": JPEG };
  const fresh = () => zipSync(files, { level: 9 });
  const edited = (edit: (view: DataView, first: number) => void): Uint8Array => {
    const zip = fresh();
    edit(new DataView(zip.buffer), find(zip, ENTRY));
    return zip;
  };
  const cases: [Uint8Array, RegExp][] = [
    [
      edited((view, at) => view.setUint16(at + 8, 1, true)),
      /1 of its files \(1\.png\) is encrypted/,
    ],
    [edited((view, at) => view.setUint16(at + 10, 12, true)), /\(1\.png\) is packed by method 12/],
    [
      edited((view, at) => view.setUint32(at + 24, 2 ** 31, true)),
      /said to be larger than they can/,
    ],
    [edited((view, at) => view.setUint32(at + 42, 2 ** 31, true)), /\(1\.png\) is beyond its end/],
  ];
  for (const [zip, reason] of cases) {
    const { names, reasons } = await list("a.zip", zip);
    assert.deepEqual(names, ["2.jpg"]);
    assert.equal(reasons.length, 1);
    assert.match(reasons[0], reason);
  }
  const cut = await list("a.zip", fresh().subarray(0, -30));
  assert.deepEqual([cut.names, cut.reasons], [[], ["it is not a zip file, or cut short"]]);
  const damaged = await list("a.zip", edited((view, at) => view.setUint32(at + 16, 7, true)));
  assert.throws(damaged.read, /it does not unpack to what its archive says/);
  const longer = edited((view, at) => view.setUint32(at + 24, PNG.length - 5, true));
  assert.throws((await list("a.zip", longer)).read, /it does not unpack/);
});

Deno.test("a table of contents in zip64's form is read", async () => {
  const zip = zipSync({ "1.png": PNG });
  const end = find(zip, END);
  const old = new DataView(zip.buffer, end);
  const wide = new DataView(new ArrayBuffer(56 + 20));
  wide.setUint32(0, 0x06064b50, true);
  wide.setBigUint64(32, 1n, true);
  wide.setBigUint64(40, BigInt(old.getUint32(12, true)), true);
  wide.setBigUint64(48, BigInt(old.getUint32(16, true)), true);
  wide.setUint32(56, 0x07064b50, true);
  wide.setBigUint64(56 + 8, BigInt(end), true);
  old.setUint16(10, 0xffff, true);
  old.setUint32(12, 0xffffffff, true);
  old.setUint32(16, 0xffffffff, true);
  const bytes = new Uint8Array(wide.buffer);
  const { names, read } = await list(
    "a.zip",
    Uint8Array.of(...zip.subarray(0, end), ...bytes, ...zip.subarray(end)),
  );
  assert.deepEqual([names, read()], [["1.png"], [PNG]]);
});

/** A header of a tar, and a body. */
function block(name: string, type: string, target: string, body = new Uint8Array(0)): Uint8Array {
  const header = new Uint8Array(512 + Math.ceil(body.length / 512) * 512);
  header.set(latin(name));
  header.set(latin(body.length.toString(8).padStart(11, "0")), 124);
  header.set(latin(`        ${type}${target}`), 148);
  header.set(latin("ustar\x0000"), 257);
  const sum = header.subarray(0, 512).reduce((a, b) => a + b, 0);
  header.set(latin(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  header.set(body, 512);
  return header;
}

Deno.test("links within tars and zips lead to files of the archive, never out of it", async () => {
  const tar = [
    block("a/photo.png", "0", "", PNG),
    block("b/hard.png", "1", "a/photo.png"),
    block("b/soft.png", "2", "../a/./photo.png"),
    block("b/chain", "2", "soft.png"),
    block("b/round.png", "2", "round.png"),
    block("b/out.png", "2", "../../../etc/passwd"),
    block("b/absolute.png", "2", "/etc/passwd"),
    new Uint8Array(1024),
  ].flatMap((part) => [...part]);
  const inTar = await list("a.tar", Uint8Array.from(tar));
  assert.deepEqual(inTar.names, ["a/photo.png", "b/chain", "b/hard.png", "b/soft.png"]);
  assert.deepEqual(inTar.reasons, ["3 links lead to no file in it (b/round.png)"]);
  assert.ok(inTar.read().every((bytes) => bytes.length === PNG.length));

  const link = { os: 3, attrs: 0o120777 * 65536 };
  const zip = zipSync({
    "a/photo.png": PNG,
    "b/soft.png": [latin("../a/photo.png"), link],
    "b/out.png": [latin("/etc/passwd"), link],
  });
  const inZip = await list("a.zip", zip);
  assert.deepEqual(inZip.names, ["a/photo.png", "b/soft.png"]);
  assert.deepEqual(inZip.reasons, ["1 link leads to no file in it (b/out.png)"]);
});

Deno.test("a zip gives the batches that its files give", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(dir, "files"));
    await Deno.writeFile(join(dir, "files", "1.png"), PNG);
    await Deno.writeFile(join(dir, "files", "2.jpg"), JPEG);
    await Deno.writeFile(join(dir, "a.zip"), zipSync({ "1.png": PNG, "2.jpg": JPEG }));
    const pixels = async (source: string): Promise<Uint8Array> => {
      await using data = await openDataset({ source, batch: 2, workers: 1, cacheDir: null });
      assert.equal(data.count, 2);
      return (await data.batch(0)).pixels.slice();
    };
    assert.deepEqual(await pixels(join(dir, "a.zip")), await pixels(join(dir, "files")));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
