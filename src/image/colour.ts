/**
 * Colours as a file means them, in sRGB: embedded ICC profiles, and PNG's own words for the same
 * (cICP, sRGB, gAMA and cHRM, in that order of rank; PNG third edition, section 11.3.2).
 *
 * What is sRGB already, or says nothing, is left alone; so is what this module does not understand.
 *
 * @module
 */

import { inflate } from "../deps/deflate.ts";
import { type ColourProfile, type Curve, readIccProfile } from "./icc.ts";
import type { RgbImage } from "./image.ts";
import { avifProperties } from "./avif.ts";
import { type PictureKind, sniff } from "./kinds.ts";
import { jpegSegments, latin1, pngChunks, riffChunks } from "./segments.ts";

/** White of D50 as XYZ, under which profiles see colours. */
const D50 = [0.9642, 1, 0.8249];

/** White of D65 as chromaticity. */
const D65 = [0.3127, 0.329];

/** Chromaticities of red, green and blue. */
const PRIMARIES = {
  bt709: [0.64, 0.33, 0.3, 0.6, 0.15, 0.06],
  bt2020: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046],
  displayP3: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06],
} as const;

const srgbCurve: Curve = (x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
const srgbInverse: Curve = (x) => x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;

/** Turns a picture's colours, in place, into sRGB as its file's metadata ask. */
export function convertToSrgb(image: RgbImage, file: Uint8Array): RgbImage {
  const profile = PROFILES[sniff(file) ?? "PNG"](file);
  const conversion = profile && conversionFrom(profile);
  conversion?.(image.data);
  return image;
}

// ---- What files say.

/** The profile of a file of each kind. */
const PROFILES: Readonly<Record<PictureKind, (file: Uint8Array) => ColourProfile | undefined>> = {
  JPEG: profileOfJpeg,
  PNG: profileOfPng,
  WebP: profileOfWebp,
  AVIF: profileOfAvif,
};

function profileOfWebp(file: Uint8Array): ColourProfile | undefined {
  for (const { name, data } of riffChunks(file, 12)) {
    if (name === "ICCP") return readIccProfile(data);
  }
}

/** From the "colr" properties: a whole profile before code points. */
function profileOfAvif(file: Uint8Array): ColourProfile | undefined {
  let coded: ColourProfile | undefined;
  for (const { name, data } of avifProperties(file)) {
    if (name !== "colr" || data.length < 4) continue;
    const kind = latin1(data.subarray(0, 4));
    if (kind === "prof" || kind === "rICC") return readIccProfile(data.subarray(4));
    // Primaries and transfer, of two bytes each; the decoder's RGB has the full range.
    if (kind === "nclx") coded = codedProfile(Uint8Array.of(data[5], data[7], 0, 1));
  }
  return coded;
}

/** The ICC profile in a JPEG file's APP2 segments, of which each holds a numbered part. */
function profileOfJpeg(file: Uint8Array): ColourProfile | undefined {
  const parts: Uint8Array[] = [];
  let components = 0;
  for (const { name, data } of jpegSegments(file)) {
    if (name === 0xe2 && latin1(data.subarray(0, 12)) === "ICC_PROFILE\0") {
      parts[data[12]] = data.subarray(14);
    } else if (name >= 0xc0 && name <= 0xc2) {
      components = data[5];
    }
  }
  const bytes = concatenate(parts.filter((part) => part !== undefined));
  // A profile of ink is for another number of channels.
  return bytes.length > 0 && components < 4 ? readIccProfile(bytes) : undefined;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function profileOfPng(file: Uint8Array): ColourProfile | undefined {
  const chunks = new Map<string, Uint8Array>();
  for (const { name, data } of pngChunks(file)) {
    if (name === "IDAT") break; // colours are said before the pixels
    chunks.set(name, data);
  }
  const cicp = chunks.get("cICP");
  const known = cicp && codedProfile(cicp);
  if (known) return known;
  const icc = chunks.get("iCCP");
  if (icc) {
    const bytes = inflate(icc.subarray(icc.indexOf(0) + 2));
    return bytes && readIccProfile(bytes);
  }
  if (chunks.has("sRGB")) return undefined;
  return gammaProfile(chunks.get("gAMA"), chunks.get("cHRM"));
}

/** Coding-independent code points (ITU-T H.273) of the kinds that pictures have. */
function codedProfile([primaries, transfer, , full]: Uint8Array): ColourProfile | undefined {
  const places = { 1: PRIMARIES.bt709, 9: PRIMARIES.bt2020, 12: PRIMARIES.displayP3 }[primaries];
  const curve = ({ 4: (x) => x ** 2.2, 8: (x) => x, 13: srgbCurve } as Record<number, Curve>)[
    transfer
  ];
  if (!places || !curve || full !== 1) return;
  return { curves: [curve, curve, curve], toXyz: matrixOf(places, D65) };
}

/** From PNG's exponent and chromaticities, each a number of 100,000ths. */
function gammaProfile(gama?: Uint8Array, chrm?: Uint8Array): ColourProfile | undefined {
  const numbers = (data: Uint8Array) =>
    Array.from(
      { length: data.length >> 2 },
      (_, i) => new DataView(data.buffer, data.byteOffset).getUint32(4 * i) / 100_000,
    );
  const [exponent] = gama && gama.length >= 4 ? numbers(gama) : [];
  const places = chrm && chrm.length >= 32 ? numbers(chrm) : undefined;
  if (!exponent && !places) return;
  // 1/2.2 is how programs write that they mean sRGB.
  const gamma = !exponent || Math.abs(exponent - 0.45455) < 0.001 ? undefined : 1 / exponent;
  const curve: Curve = gamma ? (x) => x ** gamma : srgbCurve;
  const [xw, yw, ...rest] = places ?? [...D65, ...PRIMARIES.bt709];
  if (!(xw > 0 && yw > 0 && rest[1] > 0 && rest[3] > 0 && rest[5] > 0)) return;
  return { curves: [curve, curve, curve], toXyz: matrixOf(rest, [xw, yw]) };
}

// ---- Matrices, 3x3, row by row.

type Matrix = readonly number[];

function times(a: Matrix, b: Matrix): number[] {
  const columns = b.length / 3;
  return Array.from({ length: 3 * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return [0, 1, 2].reduce((sum, k) => sum + a[3 * row + k] * b[columns * k + column], 0);
  });
}

function inverse([a, b, c, d, e, f, g, h, i]: Matrix): number[] {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const adjugate = [e * i - f * h, c * h - b * i, b * f - c * e]
    .concat([f * g - d * i, a * i - c * g, c * d - a * f])
    .concat([d * h - e * g, b * g - a * h, a * e - b * d]);
  return adjugate.map((x) => x / determinant);
}

function diagonal([a, b, c]: readonly number[]): number[] {
  return [a, 0, 0, 0, b, 0, 0, 0, c];
}

/** XYZ of a chromaticity with Y = 1. */
function xyzOf(x: number, y: number): number[] {
  return [x / y, 1, (1 - x - y) / y];
}

/** Bradford's cone responses, in which a change of white is a scaling (ICC.1, annex E). */
const BRADFORD = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

/** Light of three primaries to XYZ under D50. */
function matrixOf(primaries: readonly number[], [xw, yw]: readonly number[]): number[] {
  const [r, g, b] = [0, 2, 4].map((i) => xyzOf(primaries[i], primaries[i + 1]));
  const unscaled = [0, 1, 2].flatMap((row) => [r[row], g[row], b[row]]);
  const white = xyzOf(xw, yw);
  const native = times(unscaled, diagonal(times(inverse(unscaled), white)));
  const [from, to] = [times(BRADFORD, white), times(BRADFORD, D50)];
  const scale = diagonal(to.map((x, i) => x / from[i]));
  return times(times(times(inverse(BRADFORD), scale), BRADFORD), native);
}

const SRGB_TO_XYZ = matrixOf(PRIMARIES.bt709, D65);

// ---- Pixels.

/** Steps of light in the table back to sRGB: fine enough for one level in the darkest. */
const STEPS = 1 << 14;
let levels: Uint8Array | undefined;

/** The level in [0, 255] of each step of light. */
function levelsOfLight(): Uint8Array {
  return levels ??= Uint8Array.from(
    { length: STEPS + 1 },
    (_, i) => Math.round(255 * srgbInverse(i / STEPS)),
  );
}

/** Converts pixels in place; undefined where nothing would change by more than a rounding. */
function conversionFrom(
  { curves, toXyz }: ColourProfile,
): ((pixels: Uint8Array) => void) | undefined {
  const [lightOfRed, lightOfGreen, lightOfBlue] = curves.map((curve) =>
    Float64Array.from({ length: 256 }, (_, i) => STEPS * Math.min(Math.max(curve(i / 255), 0), 1))
  );
  const matrix = toXyz ? times(inverse(SRGB_TO_XYZ), toXyz) : diagonal([1, 1, 1]);
  if (!matrix.every(Number.isFinite)) return;
  const table = levelsOfLight();
  const level = (x: number) => table[x <= 0 ? 0 : x >= STEPS ? STEPS : (x + 0.5) | 0];
  const [a, b, c, d, e, f, g, h, k] = matrix;
  const convert = (pixels: Uint8Array): void => {
    for (let i = 0; i < pixels.length; i += 3) {
      const red = lightOfRed[pixels[i]];
      const green = lightOfGreen[pixels[i + 1]];
      const blue = lightOfBlue[pixels[i + 2]];
      pixels[i] = level(a * red + b * green + c * blue);
      pixels[i + 1] = level(d * red + e * green + f * blue);
      pixels[i + 2] = level(g * red + h * green + k * blue);
    }
  };
  const probe = probeColours();
  const before = probe.slice();
  convert(probe);
  return probe.every((x, i) => Math.abs(x - before[i]) <= 1) ? undefined : convert;
}

/** Colours all over the cube. */
function probeColours(): Uint8Array {
  const steps = [0, 8, 32, 64, 128, 192, 255];
  return Uint8Array.from(
    steps.flatMap((r) => steps.flatMap((g) => steps.flatMap((b) => [r, g, b]))),
  );
}
