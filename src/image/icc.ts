/**
 * ICC profiles of the kind that cameras, phones and photo programs embed: three curves and a matrix,
 * or one curve for grey (ICC.1:2022, sections 7 to 10). Profiles made of tables are not read.
 *
 * @module
 */

import { latin1 } from "./segments.ts";

/** What a profile's numbers mean. */
export interface ColourProfile {
  /** Value in [0, 1] to light in [0, 1], of each channel. */
  readonly curves: readonly [Curve, Curve, Curve];
  /**
   * Light of the channels to XYZ as seen under D50, row by row; undefined for grey, whose light is
   * that of white.
   */
  readonly toXyz: readonly number[] | undefined;
}

/** A function on [0, 1]. */
export type Curve = (x: number) => number;

/** Reads a profile; undefined where it is damaged or of another kind. */
export function readIccProfile(bytes: Uint8Array): ColourProfile | undefined {
  try {
    return new Profile(bytes).read();
  } catch (error) {
    if (error instanceof RangeError) return undefined; // it is cut short
    throw error;
  }
}

class Profile {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): ColourProfile | undefined {
    if (this.#word(36) !== "acsp" || this.#word(20) !== "XYZ ") return;
    const space = this.#word(16);
    if (space === "GRAY") {
      const curve = this.#curve("kTRC");
      return curve && { curves: [curve, curve, curve], toXyz: undefined };
    }
    // A profile with tables means them to be used: its matrix is a makeshift.
    if (space !== "RGB " || this.#tag("A2B0") !== undefined) return;
    const curves = ["rTRC", "gTRC", "bTRC"].map((name) => this.#curve(name));
    const columns = ["rXYZ", "gXYZ", "bXYZ"].map((name) => this.#xyz(name));
    const [r, g, b] = curves;
    const [x, y, z] = columns;
    if (!r || !g || !b || !x || !y || !z) return;
    return { curves: [r, g, b], toXyz: [0, 1, 2].flatMap((row) => [x[row], y[row], z[row]]) };
  }

  #word(at: number): string {
    if (at + 4 > this.#bytes.length) throw new RangeError("beyond the profile's end");
    return latin1(this.#bytes.subarray(at, at + 4));
  }

  /** Where a tag's data stands. */
  #tag(name: string): number | undefined {
    const count = Math.min(this.#view.getUint32(128), 256);
    for (let i = 0; i < count; i++) {
      if (this.#word(132 + 12 * i) === name) return this.#view.getUint32(136 + 12 * i);
    }
  }

  /** A number of 16 bits, a sign among them, and 16 behind the point. */
  #fixed(at: number): number {
    return this.#view.getInt32(at) / 65536;
  }

  #xyz(name: string): number[] | undefined {
    const at = this.#tag(name);
    if (at === undefined || this.#word(at) !== "XYZ ") return;
    return [0, 4, 8].map((i) => this.#fixed(at + 8 + i));
  }

  #curve(name: string): Curve | undefined {
    const at = this.#tag(name);
    if (at === undefined) return;
    const kind = this.#word(at);
    if (kind === "curv") return this.#sampledCurve(at);
    if (kind === "para") return this.#parametricCurve(at);
  }

  #sampledCurve(at: number): Curve {
    const count = this.#view.getUint32(at + 8);
    if (count === 0) return (x) => x;
    if (count === 1) {
      const gamma = this.#view.getUint16(at + 12) / 256;
      return (x) => x ** gamma;
    }
    const samples = Float64Array.from(
      { length: Math.min(count, 65536) },
      (_, i) => this.#view.getUint16(at + 12 + 2 * i) / 65535,
    );
    return (x) => {
      const place = x * (samples.length - 1);
      const below = Math.min(Math.floor(place), samples.length - 2);
      return samples[below] + (place - below) * (samples[below + 1] - samples[below]);
    };
  }

  /** Section 10.18, function types 0 to 4. */
  #parametricCurve(at: number): Curve | undefined {
    const kind = this.#view.getUint16(at + 8);
    const counts = [1, 3, 4, 5, 7];
    if (kind >= counts.length) return;
    const [g, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(
      { length: counts[kind] },
      (_, i) => this.#fixed(at + 12 + 4 * i),
    );
    const power = (x: number) => Math.max(a * x + b, 0) ** g;
    if (kind === 0) return (x) => x ** g;
    if (kind === 1) return (x) => x >= -b / a ? power(x) : 0;
    if (kind === 2) return (x) => x >= -b / a ? power(x) + c : c;
    if (kind === 3) return (x) => x >= d ? power(x) : c * x;
    return (x) => x >= d ? power(x) + e : c * x + f;
  }
}
