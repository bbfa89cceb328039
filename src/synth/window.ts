/**
 * Painting one window.
 *
 * @module
 */

import { type Canvas, type Color, mix, scale } from "./canvas.ts";
import type { Dice } from "./dice.ts";
import type { Plan, WindowStyle } from "./plan.ts";

/** Where a window's opening lies. */
export interface Opening {
  /** Left edge. */
  readonly left: number;
  /** Upper edge. */
  readonly top: number;
  /** Right edge. */
  readonly right: number;
  /** Lower edge. */
  readonly bottom: number;
}

/** The opening of a style in the middle of a bay, within a storey. */
export function placeWindow(
  plan: Plan,
  style: WindowStyle,
  center: number,
  top: number,
  bottom: number,
): Opening {
  const width = plan.bay * style.width * (style.shutters ? 0.78 : 1);
  const height = (bottom - top) * Math.min(0.78, style.height);
  const sill = bottom - (bottom - top) * (style.balcony === "none" ? 0.16 : 0.06);
  return { left: center - width / 2, top: sill - height, right: center + width / 2, bottom: sill };
}

/** Paints a window with its surround, crown, shutters, glass, bars and sill. */
export function paintWindow(
  canvas: Canvas,
  plan: Plan,
  style: WindowStyle,
  opening: Opening,
  dice: Dice,
): void {
  const { left, top, right, bottom } = opening;
  const { palette, shadow: [dx, dy], shadowFactor } = plan;
  const unit = plan.width / 256;
  const width = right - left;
  const radius = style.arched ? width / 2 : 0;
  const rise = style.arched ? Math.min(radius, (bottom - top) * 0.4) : 0;

  if (style.surround > 0) {
    const edge = style.surround;
    canvas.shade(left - edge + dx, top + rise, right + edge + dx, bottom + dy, 0.9);
    canvas.rect(
      left - edge,
      top + rise - edge * (rise ? 0 : 1),
      right + edge,
      bottom,
      palette.trim,
    );
    if (rise) {
      canvas.ellipse(
        (left + right) / 2,
        top + rise,
        radius + edge,
        rise + edge,
        palette.trim,
        1,
        "upper",
      );
    }
  }
  paintCrown(canvas, plan, style, opening);
  if (style.shutters) paintShutters(canvas, plan, opening);

  // The reveal: the wall's thickness, dark where the light does not reach.
  const deep = scale(palette.wall, 0.42);
  canvas.rect(left, top + rise, right, bottom, deep);
  if (rise) canvas.ellipse((left + right) / 2, top + rise, radius, rise, deep, 1, "upper");

  const inset = Math.max(0.5, 0.9 * unit);
  const glass: Opening = {
    left: left + inset,
    top: top + inset,
    right: right - inset,
    bottom: bottom - inset * 0.5,
  };
  paintGlass(canvas, glass, rise, dice);
  paintBars(canvas, plan, style, glass, rise);

  // The wall above and beside shades the glass.
  canvas.shade(left, top + rise * 0.6, right, top + rise * 0.6 + dy * 1.4, shadowFactor);
  if (dx > 0) canvas.shade(left, top + rise, left + dx, bottom, shadowFactor);
  else canvas.shade(right + dx, top + rise, right, bottom, shadowFactor);

  const out = 1.5 * unit + style.surround;
  canvas.shade(left - out + dx, bottom, right + out + dx, bottom + dy + 1.6 * unit, shadowFactor);
  canvas.rect(
    left - out,
    bottom - 0.4 * unit,
    right + out,
    bottom + 1.4 * unit,
    scale(palette.trim, 1.06),
  );
}

function paintCrown(canvas: Canvas, plan: Plan, style: WindowStyle, opening: Opening): void {
  if (style.crown === "none" || style.arched) return;
  const { left, top, right } = opening;
  const { palette, shadow: [dx, dy], shadowFactor } = plan;
  const unit = plan.width / 256;
  const over = style.surround + 2.2 * unit;
  const y = top - style.surround - 1.4 * unit;
  const thick = style.crown === "lintel" ? 2.6 * unit : 1.9 * unit;
  canvas.shade(left - over + dx, y, right + over + dx, y + dy * 1.5, shadowFactor);
  canvas.rect(left - over, y - thick, right + over, y, palette.trim);
  canvas.rect(left - over, y - 0.8 * unit, right + over, y, scale(palette.trim, 0.82));
  const rise = (right - left) * 0.2 + 1.5 * unit;
  const center = (left + right) / 2;
  const base = y - thick;
  if (style.crown === "triangle") {
    canvas.trapezoid(base - rise, base, center, center, left - over, right + over, palette.trim);
    const inner = scale(palette.wall, 0.84);
    canvas.trapezoid(base - rise * 0.62, base, center, center, left, right, inner);
  } else if (style.crown === "segment") {
    canvas.ellipse(center, base, (right - left) / 2 + over, rise, palette.trim, 1, "upper");
    canvas.ellipse(
      center,
      base,
      (right - left) / 2,
      rise * 0.6,
      scale(palette.wall, 0.84),
      1,
      "upper",
    );
  } else if (style.crown === "hood") {
    canvas.rect(
      left - over - unit,
      base - 1.2 * unit,
      right + over + unit,
      base,
      scale(palette.trim, 1.07),
    );
  }
}

function paintShutters(canvas: Canvas, plan: Plan, { left, top, right, bottom }: Opening): void {
  const { palette: { wood }, shadow: [dx, dy], shadowFactor } = plan;
  const wide = (right - left) * 0.46;
  for (const from of [left - wide, right]) {
    canvas.shade(from + dx, top + dy, from + wide + dx, bottom + dy, shadowFactor);
    canvas.rect(from, top, from + wide, bottom, wood);
    const pitch = Math.max(2, plan.width / 110);
    canvas.texture(from, top, from + wide, bottom, (_, y) => 0.88 + 0.2 * ((y / pitch) % 1));
    canvas.shade(from, (top + bottom) / 2 - 0.5, from + wide, (top + bottom) / 2 + 0.5, 0.7);
  }
}

/** Panes mirror a darker or brighter part of the street; behind some hang curtains or blinds. */
function paintGlass(canvas: Canvas, glass: Opening, rise: number, dice: Dice): void {
  const { left, top, right, bottom } = glass;
  const height = bottom - top;
  const bright = dice.chance(0.16) ? dice.range(0.5, 0.95) : dice.range(0, 0.35);
  const upper = mix([38, 44, 52], [186, 204, 220], bright);
  const lower = mix([26, 28, 32], [96, 104, 112], bright * dice.range(0.4, 1));
  canvas.fade(left, top + rise, right, bottom, upper, lower);
  if (rise) {
    canvas.ellipse((left + right) / 2, top + rise, (right - left) / 2, rise, upper, 1, "upper");
  }
  // A roof line across the street, mirrored.
  const line = top + height * dice.range(0.3, 0.8);
  canvas.rect(left, line, right, bottom, [30, 30, 32], dice.range(0.1, 0.5));
  const behind = dice.next();
  const cloth: Color = [216, 210, 196];
  if (behind < 0.3) { // curtains at both sides
    const wide = (right - left) * dice.range(0.15, 0.35);
    canvas.rect(left, top + rise, left + wide, bottom, cloth, 0.55);
    canvas.rect(right - wide, top + rise, right, bottom, cloth, 0.55);
  } else if (behind < 0.45) { // a blind, partly down
    canvas.rect(
      left,
      top + rise,
      right,
      top + rise + (height - rise) * dice.range(0.15, 0.7),
      cloth,
      0.75,
    );
  } else if (behind < 0.49) { // a lamp is on
    canvas.rect(left, top + rise, right, bottom, [236, 196, 120], 0.4);
  }
}

function paintBars(
  canvas: Canvas,
  { palette: { frame }, width }: Plan,
  { bars }: WindowStyle,
  { left, top, right, bottom }: Opening,
  rise: number,
): void {
  const thin = Math.max(0.7, width / 256 * 0.95);
  const center = (left + right) / 2;
  for (const x of [left, right - thin]) canvas.rect(x, top + rise, x + thin, bottom, frame);
  for (const y of [top + rise, bottom - thin]) canvas.rect(left, y, right, y + thin, frame);
  const upright = (x: number): void =>
    canvas.rect(x - thin / 2, top + rise * 0.2, x + thin / 2, bottom, frame);
  const level = (y: number): void => canvas.rect(left, y - thin / 2, right, y + thin / 2, frame);
  if (bars !== "none") upright(center);
  if (bars === "cross") level(top + (bottom - top) * 0.32);
  if (bars === "grid") {
    for (const share of [0.25, 0.5, 0.75]) level(top + (bottom - top) * share);
  }
}
