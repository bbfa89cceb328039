/**
 * A small painter: antialiased rectangles, trapezoids and arches on float RGB. Facades need little
 * more, and their upright edges are drawn by exact coverage.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";

/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

/** Mixes two colours. */
export function mix(a: Color, b: Color, share: number): Color {
  return [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
    a[2] + (b[2] - a[2]) * share,
  ];
}

/** Makes a colour lighter or darker. */
export function scale(color: Color, factor: number): Color {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

/** The picture being painted. Edges are given as left, top, right, bottom, in pixels. */
export class Canvas {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Three samples a pixel. */
  readonly data: Float32Array<ArrayBuffer>;

  /** A black picture. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Float32Array(3 * width * height);
  }

  /** Paints a rectangle. */
  rect(left: number, top: number, right: number, bottom: number, color: Color, alpha = 1): void {
    this.#cover(left, top, right, bottom, (at, share) => this.#blend(at, color, share * alpha));
  }

  /** Paints a rectangle that changes colour from top to bottom. */
  fade(
    left: number,
    top: number,
    right: number,
    bottom: number,
    upper: Color,
    lower: Color,
    alpha = 1,
  ): void {
    this.#cover(left, top, right, bottom, (at, share, y) => {
      const t = Math.min(1, Math.max(0, (y - top) / (bottom - top)));
      this.#blend(at, mix(upper, lower, t), share * alpha);
    });
  }

  /** Multiplies a rectangle: shadow below 1, light above. */
  shade(left: number, top: number, right: number, bottom: number, factor: number): void {
    this.#cover(left, top, right, bottom, (at, share) => {
      const by = 1 + (factor - 1) * share;
      for (let c = 0; c < 3; c++) this.data[at + c] *= by;
    });
  }

  /** Multiplies a rectangle, pixel by pixel. */
  texture(
    left: number,
    top: number,
    right: number,
    bottom: number,
    factor: (x: number, y: number) => number,
  ): void {
    this.#cover(left, top, right, bottom, (at, share, y, x) => {
      const by = 1 + (factor(x, y) - 1) * share;
      for (let c = 0; c < 3; c++) this.data[at + c] *= by;
    });
  }

  /** Paints a trapezoid with level top and bottom; a triangle where two corners meet. */
  trapezoid(
    top: number,
    bottom: number,
    topLeft: number,
    topRight: number,
    bottomLeft: number,
    bottomRight: number,
    color: Color,
    alpha = 1,
  ): void {
    for (let y = Math.floor(top); y < bottom; y++) {
      const from = Math.max(y, top);
      const to = Math.min(y + 1, bottom);
      const t = ((from + to) / 2 - top) / (bottom - top);
      const left = topLeft + (bottomLeft - topLeft) * t;
      const right = topRight + (bottomRight - topRight) * t;
      this.rect(left, from, right, to, color, alpha);
    }
  }

  /** Paints an ellipse; `from` and `to` limit it in height, as shares of the whole. */
  ellipse(
    centerX: number,
    centerY: number,
    radiusX: number,
    radiusY: number,
    color: Color,
    alpha = 1,
    half: "whole" | "upper" = "whole",
  ): void {
    const bottom = half === "upper" ? centerY : centerY + radiusY;
    this.#cover(centerX - radiusX, centerY - radiusY, centerX + radiusX, bottom, (at, _, y, x) => {
      const dx = (x - centerX) / radiusX;
      const dy = (y - centerY) / radiusY;
      // Distance to the edge, about: enough for a soft edge one pixel wide.
      const inside = (1 - Math.hypot(dx, dy)) * Math.min(radiusX, radiusY) + 0.5;
      this.#blend(at, color, Math.min(1, Math.max(0, inside)) * alpha);
    });
  }

  /** The picture as bytes. */
  toImage(): RgbImage {
    const data = new Uint8Array(Uint8ClampedArray.from(this.data).buffer);
    return { width: this.width, height: this.height, data };
  }

  #blend(at: number, color: Color, share: number): void {
    for (let c = 0; c < 3; c++) this.data[at + c] += (color[c] - this.data[at + c]) * share;
  }

  /** Visits the pixels that a rectangle touches, each with the share of it that lies within. */
  #cover(
    left: number,
    top: number,
    right: number,
    bottom: number,
    visit: (at: number, share: number, y: number, x: number) => void,
  ): void {
    const x0 = Math.max(0, Math.floor(left));
    const x1 = Math.min(this.width, Math.ceil(right));
    const y0 = Math.max(0, Math.floor(top));
    const y1 = Math.min(this.height, Math.ceil(bottom));
    for (let y = y0; y < y1; y++) {
      const tall = Math.min(y + 1, bottom) - Math.max(y, top);
      for (let x = x0; x < x1; x++) {
        const share = tall * (Math.min(x + 1, right) - Math.max(x, left));
        visit(3 * (y * this.width + x), share, y + 0.5, x + 0.5);
      }
    }
  }
}

/** Smooth noise in [-1, 1] with features about one unit across (value noise). */
export function smoothNoise(x: number, y: number, salt: number): number {
  const column = Math.floor(x);
  const line = Math.floor(y);
  const u = ease(x - column);
  const v = ease(y - line);
  const upper = lattice(column, line, salt) * (1 - u) + lattice(column + 1, line, salt) * u;
  const lower = lattice(column, line + 1, salt) * (1 - u) + lattice(column + 1, line + 1, salt) * u;
  return upper * (1 - v) + lower * v;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

/** A random number in [-1, 1] for a point with whole coordinates. */
export function lattice(x: number, y: number, salt: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(salt, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}
