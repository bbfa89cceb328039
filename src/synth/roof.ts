/**
 * Painting the roof, its dormers and chimneys.
 *
 * @module
 */

import { type Canvas, lattice, scale } from "./canvas.ts";
import type { Dice } from "./dice.ts";
import type { Plan } from "./plan.ts";

/** Paints everything above the wall. */
export function paintRoof(canvas: Canvas, plan: Plan, dice: Dice): void {
  const { left, right, roofTop, wallTop, palette, roof, width } = plan;
  const unit = width / 256;
  const height = wallTop - roofTop;
  if (roof === "flat") {
    canvas.rect(left, roofTop, right, wallTop, scale(palette.trim, 0.8));
    return;
  }
  if (roof !== "gable") {
    for (let i = dice.whole(0, 3); i > 0; i--) paintChimney(canvas, plan, dice);
  }
  if (roof === "gable") {
    // One steep gable, or one over every few bays.
    const gables = dice.whole(1, Math.max(1, Math.floor(plan.bays.length / 3)));
    const span = (Math.min(right, width) - Math.max(left, 0)) / gables;
    canvas.rect(left, roofTop + height * 0.55, right, wallTop, palette.roof);
    for (let i = 0; i < gables; i++) {
      const center = Math.max(left, 0) + (i + 0.5) * span;
      const half = span * dice.range(0.36, 0.5);
      canvas.trapezoid(
        roofTop - 2 * unit,
        wallTop,
        center,
        center,
        center - half - 3 * unit,
        center + half + 3 * unit,
        scale(palette.roof, 0.8),
      );
      canvas.trapezoid(
        roofTop + 2 * unit,
        wallTop,
        center,
        center,
        center - half,
        center + half,
        palette.wall,
      );
      const window = span * 0.06;
      canvas.rect(
        center - window,
        wallTop - height * 0.5,
        center + window,
        wallTop - height * 0.18,
        [48, 50, 56],
      );
    }
    return;
  }
  const slope = roof === "mansard" ? height * 0.25 : height * 0.8;
  canvas.trapezoid(roofTop, wallTop, left + slope, right - slope, left, right, palette.roof);
  const salt = dice.whole(0, 1e6);
  const row = 3.2 * unit;
  canvas.texture(left, roofTop, right, wallTop, (x, y) => {
    const course = Math.floor(y / row);
    const edge = y / row - course < 0.3 ? 0.9 : 1;
    return edge * (1 + 0.07 * lattice(Math.floor(x / (2.4 * unit)), course, salt));
  });
  canvas.shade(left, roofTop, right, roofTop + height * 0.3, 1.08);
  if (plan.dormers) paintDormers(canvas, plan, height);
}

function paintChimney(canvas: Canvas, { left, right, roofTop, width }: Plan, dice: Dice): void {
  const unit = width / 256;
  const x = dice.range(Math.max(left, 0) + 12 * unit, Math.min(right, width) - 12 * unit);
  const half = dice.range(2, 6) * unit;
  const top = roofTop - dice.range(2, 9) * unit;
  canvas.rect(x - half, top, x + half, roofTop + 8 * unit, [136, 100, 84]);
  canvas.rect(x + half * 0.3, top, x + half, roofTop + 8 * unit, [104, 76, 64]);
  canvas.rect(x - half - unit, top, x + half + unit, top + 1.4 * unit, [158, 138, 122]);
}

function paintDormers(canvas: Canvas, plan: Plan, height: number): void {
  const { bays, bay, wallTop, palette, width } = plan;
  const unit = width / 256;
  const every = bays.length > 6 ? 2 : 1;
  for (let i = every - 1; i < bays.length; i += every) {
    const half = Math.min(bay * 0.24, height * 0.36);
    const top = wallTop - height * 0.72;
    const bottom = wallTop - height * 0.14;
    const center = bays[i];
    canvas.shade(center - half, top, center + half + 3 * unit, bottom, 0.75);
    canvas.rect(center - half, top, center + half, bottom, palette.trim);
    canvas.rect(center - half * 0.66, top + 1.6 * unit, center + half * 0.66, bottom - unit, [
      52,
      56,
      64,
    ]);
    canvas.rect(
      center - 0.4 * unit,
      top + 1.6 * unit,
      center + 0.4 * unit,
      bottom - unit,
      palette.frame,
    );
    canvas.trapezoid(
      top - half * 0.7,
      top + 0.6 * unit,
      center,
      center,
      center - half - 2 * unit,
      center + half + 2 * unit,
      scale(palette.roof, 0.8),
    );
  }
}
