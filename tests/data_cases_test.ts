/** The small inputs that others gave, each with its right value: where they are, in ../shared/cases. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveOptions } from "../src/data/options.ts";
import { listPictures } from "../src/data/sources.ts";
import { createDecoder, type DecodeOptions } from "../src/image/decode.ts";
import type { RgbImage } from "../src/image/image.ts";
import { orient } from "../src/image/orientation.ts";
import { PhotoError } from "../src/image/photo_error.ts";

const CASES = fileURLToPath(new URL("../../shared/cases/", import.meta.url));
const ignore = await Deno.stat(CASES).then(() => false, () => true);
if (ignore) console.log(`data_cases_test.ts: ${CASES} is not there; its cases are skipped`);

const OPTIONS: DecodeOptions = {
  background: [255, 255, 255],
  maxPixels: resolveOptions({}, () => null).maxPixels,
  minSide: 2 ** 30,
};
const decode = createDecoder();
const see = (name: string, options: Partial<DecodeOptions> = {}): RgbImage =>
  decode(Deno.readFileSync(join(CASES, name)), { ...OPTIONS, ...options });
const test = (name: string, run: () => void | Promise<void>): void =>
  Deno.test({ name: `case: ${name}`, ignore, fn: run });

for (const name of ["samsung_sos_se0", "extraneous_eoi", "adobe_t3_unknown"]) {
  test(`${name}.jpg has the clean file's pixels`, () => {
    assert.deepEqual(see(`jpeg/${name}.jpg`), see("jpeg/clean.jpg"));
  });
}

test("orientation6_long_be.jpg is the clean file turned a quarter clockwise", () => {
  assert.deepEqual(see("jpeg/orientation6_long_be.jpg"), orient(see("jpeg/clean.jpg"), 6));
});

/** SHA-256 of the pixels that Pillow 9.4 sees, upright: these files show other pictures than the clean ones. */
const PILLOW: Readonly<Record<string, string>> = {
  "jpeg/extraneous_rst.jpg": "42dbe45b0fb202c68e204a30f4b105c15400bc631aa5ec90a60edd7fcb23191c",
  "png/orientation6_exif_after_idat.png":
    "c907e8f93628e6892f967ea818647c6736031bd451a8858e44587ad796f990fd",
  "png/orientation6_raw_profile.png":
    "c907e8f93628e6892f967ea818647c6736031bd451a8858e44587ad796f990fd",
};
for (const [name, sha256] of Object.entries(PILLOW)) {
  test(`${name} has the very pixels that Pillow sees`, () => {
    assert.equal(createHash("sha256").update(see(name).data).digest("hex"), sha256);
  });
}

test("JPEGs cut short: the last ten bytes are no loss, two fifths are, and either is said", () => {
  const flaws: string[] = [];
  const onFlaw = (flaw: string) => flaws.push(flaw);
  const [cut, clean] = [see("jpeg/cut_last_10_bytes.jpg", { onFlaw }), see("jpeg/clean.jpg")];
  const right = cut.data.findIndex((value, i) => value !== clean.data[i]);
  const row = Math.floor((right < 0 ? cut.data.length : right) / (3 * cut.width));
  // Of the last row of blocks, 16 high; chroma is filled in over one row more.
  assert.ok(row >= cut.height - 17, `differs from row ${row} of ${cut.height} on`);
  assert.equal(flaws.length, 1);
  assert.throws(() => see("jpeg/cut_at_60_percent.jpg"), /it is cut short/);
});

test("arithmetic.jpg is named as what it is", () => {
  assert.throws(() => see("jpeg/arithmetic.jpg"), /arithmetic/);
});

test("a PNG of 134 million pixels is refused by its header", () => {
  assert.throws(() => see("png/pixels_134_million_1bit.png"), (error) => {
    assert.ok(error instanceof PhotoError);
    assert.match(error.message, /too large: 11585 x 11585/);
    return true;
  });
});

for (const [name, most] of [["display_p3.jpg", 4], ["prophoto.png", 2]] as const) {
  test(`${name} comes out in sRGB within ${most} levels on average`, () => {
    const [image, right] = [see(`colour/${name}`), see("colour/right.png")];
    const sum = image.data.reduce((all, value, i) => all + Math.abs(value - right.data[i]), 0);
    assert.ok(sum / right.data.length <= most, `${sum / right.data.length}`);
  });
}

test("negative_length.tar is named as damaged", async () => {
  await assert.rejects(
    listPictures([join(CASES, "archive/negative_length.tar")]),
    /damaged at byte 0: the length of .* is no length/,
  );
});
