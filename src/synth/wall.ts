/**
 * Painting the wall: what it is made of, and the mouldings that stand out from it.
 *
 * @module
 */

import { type Canvas, lattice, mix, scale, smoothNoise } from "./canvas.ts";
import type { Dice } from "./dice.ts";
import type { Plan } from "./plan.ts";

/** Paints the bare wall from the roof to the street. */
export function paintWall(canvas: Canvas, plan: Plan, dice: Dice): void {
  const { left, right, wallTop, street, groundTop, palette, material, width } = plan;
  const unit = width / 256;
  canvas.rect(left, wallTop, right, street, palette.wall);
  const salt = dice.whole(0, 1e6);
  if (material === "brick") brickwork(canvas, plan, wallTop, street, salt);
  if (material === "stone") blocks(canvas, plan, wallTop, street, 9 * unit, 0.06, salt);
  if (plan.ground !== "windows" || dice.chance(0.5)) {
    canvas.rect(left, groundTop, right, street, palette.base, material === "brick" ? 0.6 : 0.95);
  }
  if (plan.rusticated) blocks(canvas, plan, groundTop, street, 7 * unit, 0.16, salt + 1);
  // Weather: broad stains, and streaks that run down.
  const stain = dice.range(0.02, 0.09);
  canvas.texture(
    left,
    wallTop,
    right,
    street,
    (x, y) =>
      1 + stain * smoothNoise(x / (38 * unit), y / (30 * unit), salt + 2) +
      stain * 0.5 * smoothNoise(x / (3 * unit), y / (26 * unit), salt + 3) +
      0.02 * lattice(Math.floor(x), Math.floor(y), salt + 4),
  );
  if (plan.projection) paintProjection(canvas, plan);
}

/** Courses of bricks, each row shifted by half a brick, mortar between. */
function brickwork(canvas: Canvas, plan: Plan, top: number, bottom: number, salt: number): void {
  const unit = plan.width / 256;
  const tall = 2.6 * unit;
  const long = 6.5 * unit;
  canvas.texture(plan.left, top, plan.right, bottom, (x, y) => {
    const course = Math.floor(y / tall);
    const along = x / long + (course & 1) / 2;
    const joint = y / tall - course < 0.24 || along - Math.floor(along) < 0.1;
    return joint ? 1.12 : 0.97 + 0.12 * lattice(Math.floor(along), course, salt);
  });
}

/** Courses of large blocks with dark joints. */
function blocks(
  canvas: Canvas,
  plan: Plan,
  top: number,
  bottom: number,
  tall: number,
  depth: number,
  salt: number,
): void {
  const long = tall * 2.3;
  const joint = 1.1 * plan.width / 256;
  canvas.texture(plan.left, top, plan.right, bottom, (x, y) => {
    const course = Math.floor((y - top) / tall);
    const along = x / long + (course & 1) / 2;
    const inJoint = (y - top) - course * tall < joint ||
      (along - Math.floor(along)) * long < joint * 0.7;
    return inJoint ? 1 - depth * 1.6 : 1 + depth * 0.4 * lattice(Math.floor(along), course, salt);
  });
}

/** Bays that stand forward: a little lighter, with a shadow beside them. */
function paintProjection(canvas: Canvas, plan: Plan): void {
  const [first, last] = plan.projection!;
  const left = plan.bays[first] - plan.bay / 2;
  const right = plan.bays[last] + plan.bay / 2;
  const reach = 3.4 * plan.width / 256;
  if (plan.shadow[0] > 0) canvas.shade(right, plan.wallTop, right + reach, plan.street, 0.74);
  else canvas.shade(left - reach, plan.wallTop, left, plan.street, 0.74);
  canvas.shade(left, plan.wallTop, right, plan.street, 1.05);
  for (const x of [left, right]) canvas.shade(x - 0.5, plan.wallTop, x + 0.5, plan.street, 0.86);
}

/** Pilasters, bands between the storeys, corner blocks and the cornice below the roof. */
export function paintMouldings(canvas: Canvas, plan: Plan): void {
  const { palette, bays, bay, width, left, right, wallTop, groundTop, shadow } = plan;
  const unit = width / 256;
  if (plan.pilasters) {
    for (let i = 0; i <= bays.length; i++) {
      const x = (i < bays.length ? bays[i] : bays[i - 1] + bay) - bay / 2;
      const half = Math.min(bay * 0.09, 3 * unit);
      canvas.shade(x - half + shadow[0], wallTop, x + half + shadow[0], groundTop, 0.84);
      canvas.rect(x - half, wallTop, x + half, groundTop, palette.trim, 0.85);
      canvas.rect(x - half * 1.5, wallTop, x + half * 1.5, wallTop + 4 * unit, palette.trim);
    }
  }
  if (plan.quoins) {
    const tall = 5 * unit;
    for (let y = wallTop, i = 0; y < groundTop; y += tall, i++) {
      const long = (i % 2 ? 5 : 8) * unit;
      for (const [from, to] of [[left, left + long], [right - long, right]]) {
        canvas.rect(from, y, to, y + tall - unit, palette.trim, 0.85);
      }
    }
  }
  if (plan.bands) {
    for (const { top } of plan.storeys.slice(1)) paintBand(canvas, plan, top, 1.6 * unit, 0.8);
  }
  paintBand(canvas, plan, groundTop, 3 * unit, 1);
  paintCornice(canvas, plan);
}

/** A level moulding, lit from above, with its shadow below. */
export function paintBand(
  canvas: Canvas,
  { left, right, palette, shadow, shadowFactor }: Plan,
  y: number,
  thick: number,
  strength: number,
): void {
  canvas.shade(left, y + thick / 2, right, y + thick / 2 + shadow[1], shadowFactor);
  canvas.rect(left, y - thick / 2, right, y + thick / 2, palette.trim, strength);
  canvas.rect(
    left,
    y - thick / 2,
    right,
    y - thick / 4,
    mix(palette.trim, [255, 255, 255], 0.35),
    strength,
  );
  canvas.rect(left, y + thick / 4, right, y + thick / 2, scale(palette.trim, 0.74), strength);
}

function paintCornice(canvas: Canvas, plan: Plan): void {
  const { left, right, wallTop, palette, shadow, shadowFactor, width } = plan;
  const unit = width / 256;
  const thick = 3.6 * unit;
  canvas.shade(left, wallTop, right, wallTop + thick + shadow[1] * 2.4, shadowFactor);
  canvas.rect(
    left - 2 * unit,
    wallTop - thick * 0.6,
    right + 2 * unit,
    wallTop + thick * 0.4,
    palette.trim,
  );
  canvas.rect(left, wallTop + thick * 0.1, right, wallTop + thick * 0.4, scale(palette.trim, 0.68));
  const pitch = 4.4 * unit;
  for (let x = left; x < right; x += pitch) { // dentils
    canvas.rect(x, wallTop + thick * 0.4, x + pitch * 0.5, wallTop + thick, palette.trim, 0.9);
  }
}

/** A slab with a railing of thin bars, and its shadow on the wall. */
export function paintBalcony(
  canvas: Canvas,
  plan: Plan,
  left: number,
  right: number,
  floor: number,
  height: number,
): void {
  const { palette, shadow: [dx, dy], shadowFactor, width } = plan;
  const unit = width / 256;
  canvas.shade(left + dx * 2, floor, right + dx * 2, floor + 3 * unit + dy * 2, shadowFactor);
  const rail = floor - height;
  const pitch = 2.6 * unit;
  for (let x = left; x <= right; x += pitch) {
    canvas.rect(x - 0.35 * unit, rail, x + 0.35 * unit, floor, palette.iron, 0.8);
  }
  canvas.rect(left, rail - 0.6 * unit, right, rail + 0.5 * unit, palette.iron);
  canvas.rect(
    left,
    floor - height * 0.25,
    right,
    floor - height * 0.25 + 0.6 * unit,
    palette.iron,
    0.7,
  );
  canvas.rect(
    left - unit,
    floor - 0.5 * unit,
    right + unit,
    floor + 2.2 * unit,
    scale(palette.trim, 0.94),
  );
  canvas.rect(
    left - unit,
    floor + 1.4 * unit,
    right + unit,
    floor + 2.4 * unit,
    scale(palette.trim, 0.6),
  );
}
