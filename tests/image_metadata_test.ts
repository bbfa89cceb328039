import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { convertToSrgb } from "../src/image/colour.ts";
import { createDecoder, type DecodeOptions } from "../src/image/decode.ts";
import type { RgbImage } from "../src/image/image.ts";
import { encodeJpeg } from "../src/image/jpeg.ts";
import { PhotoError } from "../src/image/photo_error.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { drawFacade } from "../src/synth/facade.ts";

const OPTIONS: DecodeOptions = {
  background: [255, 255, 255],
  maxPixels: 2 ** 27,
  minSide: 2 ** 30,
};
const decode = createDecoder();
const PHOTO = drawFacade(1, 5, 96, 80);
const JPEG = encodeJpeg(PHOTO, 90);
const CLEAN = decode(JPEG, OPTIONS);

function bytesOf(...parts: (number | string | ArrayLike<number>)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => {
    if (typeof part === "number") return [part];
    if (typeof part === "string") return [...part].map((c) => c.charCodeAt(0));
    return Array.from(part);
  }));
}

/** A big-endian number of so many bytes. */
function number(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
}

/** Where a JPEG's segment of a marker starts. */
function markerAt(file: Uint8Array, marker: number): number {
  for (let at = 2;; at += 2 + (file[at + 2] << 8 | file[at + 3])) {
    assert.equal(file[at], 0xff);
    if (file[at + 1] === marker) return at;
  }
}

function insert(file: Uint8Array, at: number, ...parts: Parameters<typeof bytesOf>): Uint8Array {
  return bytesOf(file.subarray(0, at), ...parts, file.subarray(at));
}

function segment(marker: number, ...parts: Parameters<typeof bytesOf>): Uint8Array {
  const data = bytesOf(...parts);
  return bytesOf(0xff, marker, number(data.length + 2, 2), data);
}

Deno.test("a JPEG that libjpeg only warns about gives the clean file's very pixels", () => {
  const sos = markerAt(JPEG, 0xda);
  const end = JPEG.length - 2;
  const spectral = sos + 4 + 1 + 2 * JPEG[sos + 4]; // behind the scan's list of components
  const oddScan = JPEG.slice();
  oddScan[spectral + 1] = 0; // the last spectral index of a baseline scan is 63
  const cases: Record<string, Uint8Array> = {
    "stray bytes before the end": insert(JPEG, end, 1, 2, 3),
    "zeros before the end": insert(JPEG, end, 0, 0, 0, 0),
    "a stray restart marker": insert(JPEG, end, 0xff, 0xd0),
    "a second end": bytesOf(JPEG, 0xff, 0xd9),
    "a table before the end": insert(JPEG, end, segment(0xdb, 0, new Uint8Array(64).fill(1))),
    "a wrong spectral range": oddScan,
    "an unknown Adobe transform": insert(JPEG, 2, segment(0xee, "Adobe", 0, 100, 0, 0, 0, 0, 3)),
    "JFIF 2": insert(JPEG, 2, segment(0xe0, "JFIF\0", 2, 0, 0, 0, 1, 0, 1, 0, 0)),
    "stray bytes between segments": insert(JPEG, sos, 7, 7, 7),
  };
  for (const [name, file] of Object.entries(cases)) {
    const flaws: string[] = [];
    const image = decode(file, { ...OPTIONS, onFlaw: (flaw) => flaws.push(flaw) });
    assert.deepEqual(Buffer.from(image.data), Buffer.from(CLEAN.data), name);
    assert.deepEqual(flaws, [], name);
  }
});

Deno.test("a JPEG cut short is used if enough of its rows are there, and either is said", () => {
  const sos = markerAt(JPEG, 0xda);
  const cut = (share: number) => JPEG.subarray(0, sos + Math.round(share * (JPEG.length - sos)));
  let flaw = "";
  const onFlaw = (text: string) => flaw = text;
  const most = decode(cut(0.99), { ...OPTIONS, onFlaw });
  assert.match(flaw, /cut short(: 9\d% of its rows are there| within its last rows)/);
  const above = 60 * 3 * 96;
  assert.deepEqual(
    Buffer.from(most.data.subarray(0, above)),
    Buffer.from(CLEAN.data.subarray(0, above)),
  );
  assert.throws(() => decode(cut(0.5), OPTIONS), /cut short: the end of its JPEG data is missing/);
  // A thumbnail ends, too, but is not the picture.
  const withThumbnail = insert(cut(0.5), 2, segment(0xe1, "Exif\0\0", tiff(1, true, false), JPEG));
  assert.throws(() => decode(withThumbnail, OPTIONS), /cut short/);
  decode(cut(0.5), { ...OPTIONS, minIntact: 0.2, onFlaw });
  const [, percent] = /cut short: (\d+)% of its rows/.exec(flaw)!;
  assert.ok(Number(percent) > 20 && Number(percent) < 80, flaw);
  assert.throws(() => decode(cut(0.99), { ...OPTIONS, minIntact: 1.01 }), PhotoError);
});

Deno.test("kinds of JPEG that cannot be decoded are named, not called damaged", () => {
  const frame = markerAt(JPEG, 0xc0);
  const kinds: [number, number, RegExp][] = [
    [0xc9, 8, /an arithmetic-coded JPEG, which is not supported/],
    [0xc3, 8, /a lossless JPEG/],
    [0xc1, 12, /a 12-bit JPEG/],
    [0xc5, 8, /a hierarchical JPEG/],
  ];
  for (const [marker, bits, why] of kinds) {
    const file = JPEG.slice();
    file[frame + 1] = marker;
    file[frame + 4] = bits;
    assert.throws(() => decode(file, OPTIONS), (error: Error) => {
      assert.ok(error instanceof PhotoError, error.stack);
      assert.match(error.message, why);
      return true;
    });
  }
});

/** A TIFF structure that says how a picture stands. */
function tiff(orientation: number, little: boolean, long: boolean): Uint8Array {
  const n = (value: number, bytes: number) =>
    little ? number(value, bytes).reverse() : number(value, bytes);
  const value = long ? n(orientation, 4) : [...n(orientation, 2), 0, 0];
  return bytesOf(
    little ? "II" : "MM",
    ...[n(42, 2), n(8, 4), n(1, 2), n(0x112, 2), n(long ? 4 : 3, 2), n(1, 4), value, n(0, 4)],
  );
}

function chunk(type: string, ...parts: Parameters<typeof bytesOf>): Uint8Array {
  const body = bytesOf(type, ...parts);
  return bytesOf(number(body.length - 4, 4), body, number(crc32(body), 4));
}

/** A PNG with chunks in front of its pixels or behind them. */
function png(image: RgbImage, where: "before" | "behind", ...chunks: Uint8Array[]): Uint8Array {
  const file = encodePng(image);
  const header = 8 + 12 + 13;
  return insert(file, where === "before" ? header : file.length - 12, ...chunks);
}

Deno.test("orientation is read as SHORT or LONG, in either byte order, wherever a file keeps it", () => {
  // Orientation 6: the picture's left column is the top row as it was seen.
  const turned = (image: RgbImage) => {
    assert.deepEqual([image.width, image.height], [80, 96]);
  };
  for (const little of [false, true]) {
    for (const long of [false, true]) {
      const exif = tiff(6, little, long);
      turned(decode(insert(JPEG, 2, segment(0xe1, "Exif\0\0", exif)), OPTIONS));
      for (const where of ["before", "behind"] as const) {
        turned(decode(png(PHOTO, where, chunk("eXIf", exif)), OPTIONS));
      }
    }
  }
  const hex = bytesOf("Exif\0\0", tiff(6, true, false)).toHex();
  const raw = `\nexif\n      ${hex.length / 2}\n${hex.replace(/.{72}/g, "$&\n")}\n`;
  const keyword = "Raw profile type exif\0";
  const packed = deflateSync(bytesOf(raw));
  for (
    const text of [
      chunk("tEXt", keyword, raw),
      chunk("zTXt", keyword, 0, packed),
      chunk("iTXt", keyword, 1, 0, 0, 0, packed),
      chunk("iTXt", keyword, 0, 0, "en\0", "x\0", raw),
    ]
  ) {
    turned(decode(png(PHOTO, "before", text), OPTIONS));
  }
  // What is broken says nothing.
  for (const text of [chunk("zTXt", keyword, 0, 1, 2, 3), chunk("tEXt", keyword, "exif 2 zz")]) {
    assert.equal(decode(png(PHOTO, "before", text), OPTIONS).width, 96);
  }
});

// ---- Colours. The reference: light under D65, primaries by their chromaticities, no shortcut.

const srgbLight = (v: number) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;

/** Light of sRGB from light of Display P3: published to ten digits (CSS Color 4, section 17). */
const SRGB_FROM_P3 = [
  [1.2249401763, -0.2249401763, 0],
  [-0.0420569547, 1.0420569547, 0],
  [-0.0196375546, -0.0786360456, 1.0982736001],
];

const srgbValue = (x: number) => x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;

/** Levels of Display P3 whose light is `light` of their value, and what they are in sRGB. */
function pictures(light: (value: number) => number): { stored: RgbImage; right: RgbImage } {
  const levels = [0, 20, 60, 110, 160, 210, 255];
  const colours = levels.flatMap((r) => levels.flatMap((g) => levels.map((b) => [r, g, b])));
  const right = colours.map((colour) => {
    const p3 = colour.map((level) => light(level / 255));
    return SRGB_FROM_P3.map((row) => {
      const x = row.reduce((sum, weight, i) => sum + weight * p3[i], 0);
      return Math.round(255 * srgbValue(Math.min(Math.max(x, 0), 1)));
    });
  });
  const image = (pixels: number[][]) => ({
    width: colours.length,
    height: 1,
    data: Uint8Array.from(pixels.flat()),
  });
  return { stored: image(colours), right: image(right) };
}

/** An ICC profile of these curves (as tags) and colorants under D50. */
function icc(curve: Uint8Array, colorants: number[][] | "grey", tables = false): Uint8Array {
  const fixed = (x: number) => number(Math.round(x * 65536) >>> 0, 4);
  const xyz = (v: number[]) => bytesOf("XYZ ", [0, 0, 0, 0], ...v.map(fixed));
  const tags: [string, Uint8Array][] = colorants === "grey" ? [["kTRC", curve]] : [
    ...["r", "g", "b"].map((c, i): [string, Uint8Array] => [`${c}XYZ`, xyz(colorants[i])]),
    ...["r", "g", "b"].map((c): [string, Uint8Array] => [`${c}TRC`, curve]),
    ...(tables ? [["A2B0", bytesOf("mft1")] as [string, Uint8Array]] : []),
  ];
  let at = 132 + 12 * tags.length;
  const table = tags.map(([name, { length }]) => {
    const entry = bytesOf(name, number(at, 4), number(length, 4));
    at += length;
    return entry;
  });
  return bytesOf(
    new Uint8Array(16),
    colorants === "grey" ? "GRAY" : "RGB ",
    "XYZ ",
    new Uint8Array(12),
    "acsp",
    new Uint8Array(88),
    number(tags.length, 4),
    ...table,
    ...tags.map(([, data]) => data),
  );
}

/** Display P3's colorants under D50, as Apple's profile has them. */
const P3_COLORANTS = [
  [0.5151214, 0.2411957, -0.0010529],
  [0.2919769, 0.6922455, 0.0418854],
  [0.1571045, 0.0665741, 0.7840729],
];
const SRGB_COLORANTS = [
  [0.4360657, 0.2224884, 0.0139160],
  [0.3851471, 0.7168732, 0.0970764],
  [0.1430664, 0.0606079, 0.7140961],
];
const gammaTag = (gamma: number) =>
  bytesOf("curv", [0, 0, 0, 0], number(1, 4), number(Math.round(gamma * 256), 2));
/** sRGB's curve as a parametric one, type 3. */
const SRGB_TAG = bytesOf(
  "para",
  [0, 0, 0, 0],
  number(3, 2),
  [0, 0],
  ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map((x) =>
    number(Math.round(x * 65536), 4)
  ),
);
/** The same as samples. */
const SAMPLED_TAG = bytesOf(
  "curv",
  [0, 0, 0, 0],
  number(1024, 4),
  ...Array.from({ length: 1024 }, (_, i) => number(Math.round(65535 * srgbLight(i / 1023)), 2)),
);

function worst(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((most, x, i) => Math.max(most, Math.abs(x - b.data[i])), 0);
}

const iccp = (profile: Uint8Array) => chunk("iCCP", "name\0", 0, deflateSync(profile));

Deno.test("colours of an embedded profile come out in sRGB, to two levels", () => {
  const byCurve = pictures(srgbLight);
  const gamma = Math.round(2.2 * 256) / 256; // as a profile holds it
  const byGamma = pictures((value) => value ** gamma);
  const numbers = (...values: number[]) => values.map((x) => number(Math.round(x * 1e5), 4));
  const places = numbers(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06);
  const cases: [string, { stored: RgbImage; right: RgbImage }, Uint8Array[]][] = [
    ["a profile with an exponent", byGamma, [iccp(icc(gammaTag(2.2), P3_COLORANTS))]],
    ["a parametric profile", byCurve, [iccp(icc(SRGB_TAG, P3_COLORANTS))]],
    ["a sampled profile", byCurve, [iccp(icc(SAMPLED_TAG, P3_COLORANTS))]],
    ["cICP", byCurve, [chunk("cICP", 12, 13, 0, 1)]],
    ["cHRM alone", byCurve, [chunk("cHRM", ...places)]],
    ["gAMA and cHRM", pictures((value) => value ** 2), [
      chunk("gAMA", ...numbers(1 / 2)),
      chunk("cHRM", ...places),
    ]],
  ];
  for (const [name, { stored, right }, chunks] of cases) {
    const back = decode(png(stored, "before", ...chunks), OPTIONS);
    assert.ok(worst(back, right) <= 2, `${name}: ${worst(back, right)}`);
    assert.ok(worst(stored, right) > 20, `${name} differs beforehand`);
  }
});

Deno.test("WebP's ICCP and AVIF's colr mean the same", () => {
  const { stored, right } = pictures(srgbLight);
  const profile = icc(SRGB_TAG, P3_COLORANTS);
  const little = (value: number) => number(value, 4).reverse();
  const riff = (name: string, data: Uint8Array) =>
    bytesOf(name, little(data.length), data, new Uint8Array(data.length % 2));
  const webp = bytesOf(
    "RIFF",
    little(0),
    "WEBP",
    riff("VP8X", bytesOf(0x20, new Uint8Array(9))),
    riff("ICCP", profile),
  );
  const box = (name: string, ...parts: Parameters<typeof bytesOf>): Uint8Array => {
    const body = bytesOf(...parts);
    return bytesOf(number(8 + body.length, 4), name, body);
  };
  const avif = (colr: Uint8Array) =>
    bytesOf(
      box("ftyp", "avif", number(0, 4), "mif1"),
      box(
        "meta",
        number(0, 4),
        box("pitm", number(0, 4), number(1, 2)),
        box(
          "iprp",
          box("ipco", box("ispe", number(0, 4), number(9, 4), number(9, 4)), colr),
          box("ipma", number(0, 4), number(1, 4), number(1, 2), 2, 0x81, 0x02),
        ),
      ),
    );
  const files: Record<string, Uint8Array> = {
    "WebP": webp,
    "AVIF with a profile": avif(box("colr", "prof", profile)),
    "AVIF with code points": avif(
      box("colr", "nclx", number(12, 2), number(13, 2), number(6, 2), 0x80),
    ),
  };
  for (const [name, file] of Object.entries(files)) {
    const image = convertToSrgb({ ...stored, data: stored.data.slice() }, file);
    assert.ok(worst(image, right) <= 2, `${name}: ${worst(image, right)}`);
  }
  const sdr = avif(box("colr", "nclx", number(1, 2), number(13, 2), number(6, 2), 0x80));
  assert.deepEqual(convertToSrgb({ ...stored, data: stored.data.slice() }, sdr), stored);
});

Deno.test("a grey profile and linear light are honoured", () => {
  const levels = Uint8Array.from({ length: 3 * 64 }, (_, i) => 60 + 3 * Math.floor(i / 3));
  const image = { width: 64, height: 1, data: levels };
  const right = levels.map((x) => Math.round(255 * (1.055 * (x / 255) ** (1 / 2.4) - 0.055)));
  const linear = bytesOf("curv", [0, 0, 0, 0], number(0, 4));
  for (const chunks of [[iccp(icc(linear, "grey"))], [chunk("gAMA", number(100_000, 4))]]) {
    const back = decode(png(image, "before", ...chunks), OPTIONS);
    assert.ok(worst(back, { ...image, data: right }) <= 1);
  }
});

Deno.test("what is sRGB, unknown or broken leaves colours alone, to the bit", () => {
  const noise = { width: 64, height: 1, data: PHOTO.data.slice(0, 3 * 64) };
  const whole = icc(SRGB_TAG, P3_COLORANTS);
  const cases: Record<string, Uint8Array[]> = {
    "an sRGB profile": [iccp(icc(SRGB_TAG, SRGB_COLORANTS))],
    "sRGB beside a gamma": [chunk("sRGB", 0), chunk("gAMA", number(45455, 4))],
    "a gamma of 1/2.2": [chunk("gAMA", number(45455, 4))],
    "a profile of tables": [iccp(icc(SRGB_TAG, P3_COLORANTS, true))],
    "a profile cut short": [iccp(whole.subarray(0, 200))],
    "no zlib stream": [chunk("iCCP", "name\0", 0, 1, 2, 3)],
    "an unknown code": [chunk("cICP", 1, 16, 0, 1)],
    "primaries of zero": [chunk("cHRM", new Uint8Array(32))],
    "code points of sRGB": [chunk("cICP", 1, 13, 0, 1)],
  };
  for (const [name, chunks] of Object.entries(cases)) {
    const back = decode(png(noise, "before", ...chunks), OPTIONS);
    assert.deepEqual(Buffer.from(back.data), Buffer.from(noise.data), name);
  }
});

Deno.test("a JPEG's profile is put together from its numbered parts", () => {
  const profile = icc(SRGB_TAG, P3_COLORANTS);
  const parts = [profile.subarray(0, 100), profile.subarray(100)]
    .map((part, i) => segment(0xe2, "ICC_PROFILE\0", i + 1, 2, part));
  const whole = decode(png(CLEAN, "before", iccp(profile)), OPTIONS);
  // The second part first: its number counts, not its place.
  const image = decode(insert(JPEG, 2, parts[1], parts[0]), OPTIONS);
  assert.deepEqual(Buffer.from(image.data), Buffer.from(whole.data));
  assert.ok(worst(image, CLEAN) > 5, "the profile changes something");
});
