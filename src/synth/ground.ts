/**
 * Painting the ground floor: shop fronts, arcades, doors.
 *
 * @module
 */

import { type Canvas, type Color, mix, scale } from "./canvas.ts";
import type { Dice } from "./dice.ts";
import type { Plan, WindowStyle } from "./plan.ts";
import { paintWindow, placeWindow } from "./window.ts";

const SIGNS: readonly Color[] = [
  [176, 40, 36],
  [36, 72, 140],
  [40, 96, 60],
  [208, 168, 48],
  [60, 52, 48],
  [226, 222, 214],
];

/** Paints the ground floor. */
export function paintGround(canvas: Canvas, plan: Plan, style: WindowStyle, dice: Dice): void {
  const { groundTop, street, bays, doorBay, ground, width } = plan;
  const unit = width / 256;
  const plain: WindowStyle = { ...style, crown: "none", balcony: "none", shutters: false };
  const opening = ground === "arcade"
    ? { ...plain, arched: true, height: 0.72, width: 0.62 }
    : plain;
  if (ground === "shops") paintShops(canvas, plan, dice);
  for (const [i, center] of bays.entries()) {
    if (i === doorBay || ground === "shops") continue;
    if (ground === "arcade") paintArch(canvas, plan, center, dice);
    else {paintWindow(
        canvas,
        plan,
        opening,
        placeWindow(plan, opening, center, groundTop, street - 3 * unit),
        dice,
      );}
  }
  paintDoor(canvas, plan, dice);
  // The plinth.
  canvas.rect(
    plan.left,
    street - 2.4 * unit,
    plan.right,
    street,
    scale(plan.palette.base, 0.62),
    0.8,
  );
}

function paintArch(canvas: Canvas, plan: Plan, center: number, dice: Dice): void {
  const { groundTop, street, bay, palette, width } = plan;
  const half = bay * 0.33;
  const top = groundTop + (street - groundTop) * 0.2;
  const rise = Math.min(half, (street - top) * 0.5);
  const dark = mix([34, 32, 32], [92, 88, 84], dice.range(0, 0.6));
  canvas.ellipse(
    center,
    top + rise,
    half + width / 128,
    rise + width / 128,
    palette.trim,
    0.9,
    "upper",
  );
  canvas.rect(center - half, top + rise, center + half, street, dark);
  canvas.ellipse(center, top + rise, half, rise, dark, 1, "upper");
  canvas.fade(
    center - half,
    top + rise,
    center + half,
    street,
    [70, 76, 84],
    [120, 112, 102],
    0.35,
  );
  canvas.rect(center - 0.5, top + rise, center + 0.5, street, palette.frame, 0.5);
  canvas.rect(center - half, top + rise, center + half, top + rise + 1, palette.frame, 0.6);
}

function paintShops(canvas: Canvas, plan: Plan, dice: Dice): void {
  const { groundTop, street, bays, bay, width, shadow, shadowFactor } = plan;
  const unit = width / 256;
  const height = street - groundTop;
  const every = bays.length > 5 && dice.chance(0.5) ? 2 : 1;
  for (let i = 0; i < bays.length; i += every) {
    const last = Math.min(i + every, bays.length) - 1;
    const left = bays[i] - bay * 0.42;
    const right = bays[last] + bay * 0.42;
    const top = groundTop + height * 0.32;
    const bottom = street - 3 * unit;
    const glow = dice.chance(0.45) ? dice.range(0.3, 0.8) : dice.range(0, 0.25);
    canvas.rect(left, top, right, bottom, [34, 34, 36]);
    canvas.fade(
      left + unit,
      top + unit,
      right - unit,
      bottom,
      mix([52, 58, 64], [232, 206, 150], glow),
      mix([40, 40, 42], [168, 140, 110], glow),
    );
    for (let k = dice.whole(1, 4); k > 0; k--) { // things in the window
      const x = dice.range(left, right);
      const y = dice.range(top + height * 0.1, bottom);
      const color: Color = [dice.range(30, 220), dice.range(30, 200), dice.range(30, 200)];
      canvas.rect(x, y, x + dice.range(2, 8) * unit, bottom, color, 0.5);
    }
    const posts = Math.max(1, Math.round((right - left) / (16 * unit)));
    for (let k = 1; k < posts; k++) {
      const x = left + (right - left) * k / posts;
      canvas.rect(x - 0.5 * unit, top, x + 0.5 * unit, bottom, plan.palette.frame, 0.8);
    }
    const sign = dice.pick(SIGNS);
    const signTop = top - height * 0.15;
    if (dice.chance(0.7)) {
      canvas.rect(left, signTop, right, top, sign, 0.95);
      const ink: Color = sign[0] + sign[1] > 380 ? [60, 40, 36] : [236, 230, 214];
      let x = left + (right - left) * 0.2;
      while (x < right - (right - left) * 0.2) { // letters, too small to read
        const wide = dice.range(1, 2.6) * unit;
        canvas.rect(x, signTop + height * 0.045, x + wide, top - height * 0.04, ink, 0.8);
        x += wide + dice.range(0.8, 1.6) * unit;
      }
    }
    if (dice.chance(0.3)) paintAwning(canvas, left, right, top, height * 0.17, sign, unit);
    canvas.shade(left, top, right, top + shadow[1] * 2, shadowFactor);
  }
}

function paintAwning(
  canvas: Canvas,
  left: number,
  right: number,
  top: number,
  drop: number,
  color: Color,
  unit: number,
): void {
  canvas.shade(left, top, right, top + drop * 2, 0.7);
  canvas.trapezoid(
    top - drop * 0.3,
    top + drop,
    left,
    right,
    left - 2 * unit,
    right + 2 * unit,
    color,
  );
  const stripe = 4 * unit;
  canvas.texture(
    left - 2 * unit,
    top - drop * 0.3,
    right + 2 * unit,
    top + drop,
    (x) => (x / stripe) % 2 < 1 ? 1.25 : 0.9,
  );
}

function paintDoor(canvas: Canvas, plan: Plan, dice: Dice): void {
  const { groundTop, street, bays, doorBay, bay, palette, width, shadow, shadowFactor } = plan;
  const unit = width / 256;
  const center = bays[doorBay];
  const half = Math.min(bay * 0.32, 9 * unit);
  const top = street - (street - groundTop) * dice.range(0.62, 0.76);
  const arched = dice.chance(0.45);
  const rise = arched ? half : 0;
  const edge = 2.2 * unit;
  canvas.rect(
    center - half - edge,
    top - (arched ? 0 : edge),
    center + half + edge,
    street,
    palette.trim,
  );
  if (arched) canvas.ellipse(center, top, half + edge, rise + edge, palette.trim, 1, "upper");
  if (arched) canvas.ellipse(center, top, half, rise, [46, 50, 56], 1, "upper");
  canvas.rect(center - half, top, center + half, street, scale(palette.wood, 0.8));
  canvas.rect(center - 0.5 * unit, top, center + 0.5 * unit, street, scale(palette.wood, 0.45));
  for (const side of [-1, 1]) {
    const x = center + side * half / 2;
    const pane: Color = dice.chance(0.5) ? [58, 62, 68] : scale(palette.wood, 1.15);
    canvas.rect(x - half * 0.3, top + 2 * unit, x + half * 0.3, top + (street - top) * 0.45, pane);
    canvas.rect(
      x - half * 0.3,
      top + (street - top) * 0.55,
      x + half * 0.3,
      street - 2 * unit,
      scale(palette.wood, 1.1),
    );
  }
  canvas.shade(center - half, top, center + half, top + shadow[1] * 1.5, shadowFactor);
  canvas.rect(
    center - half - 2 * unit,
    street - 1.6 * unit,
    center + half + 2 * unit,
    street + unit,
    [150, 146, 140],
  );
}
