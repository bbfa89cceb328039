/**
 * Painting what is not the house: sky, neighbours, the street and what stands on it, and the
 * camera's own doing.
 *
 * @module
 */

import { type Canvas, type Color, lattice, mix, scale, smoothNoise } from "./canvas.ts";
import type { Dice } from "./dice.ts";
import type { Plan } from "./plan.ts";

const SKIES: readonly (readonly [Color, Color])[] = [
  [[236, 238, 240], [246, 246, 246]],
  [[206, 214, 222], [232, 236, 238]],
  [[124, 164, 212], [196, 216, 234]],
  [[92, 138, 196], [170, 200, 228]],
  [[178, 184, 192], [214, 216, 218]],
  [[250, 250, 250], [252, 252, 250]],
];

/** Paints the sky over the whole picture. */
export function paintSky(canvas: Canvas, plan: Plan, dice: Dice): void {
  const [upper, lower] = dice.pick(SKIES);
  const { width, height } = plan;
  canvas.fade(0, 0, width, height * 0.35, upper, lower);
  canvas.rect(0, height * 0.35, width, height, lower);
  const salt = dice.whole(0, 1e6);
  if (upper[2] - upper[0] > 40 && dice.chance(0.7)) { // clouds on a blue sky
    canvas.texture(0, 0, width, height * 0.35, (x, y) => {
      const cloud = smoothNoise(x / width * 5, y / width * 9, salt) +
        0.5 * smoothNoise(x / width * 12, y / width * 20, salt + 1);
      return 1 + 0.3 * Math.max(0, cloud);
    });
  }
}

/** Paints the houses next door, where they can be seen. */
export function paintNeighbours(canvas: Canvas, plan: Plan, dice: Dice): void {
  const { left, right, width, street, height } = plan;
  for (const [from, to] of [[0, left], [right, width]]) {
    if (to - from < 2) continue;
    const wall = scale(
      dice.pick([[196, 180, 150], [170, 160, 152], [150, 96, 76], [210, 206, 196]] as const),
      dice.range(0.75, 1),
    );
    const top = height * dice.range(-0.05, 0.4);
    canvas.rect(from, top, to, street, wall);
    canvas.shade(from, top, to, top + height * 0.015, 0.6);
    const pitch = height * dice.range(0.13, 0.2);
    const wide = (to - from) * 0.45;
    for (let y = top + pitch * 0.4; y < street - pitch * 0.4; y += pitch) {
      const x = from + (to - from) * 0.3;
      canvas.rect(x, y, x + wide, y + pitch * 0.55, [54, 56, 62]);
    }
    canvas.shade(from === 0 ? to - 1.5 : from, top, from === 0 ? to : from + 1.5, street, 0.6);
  }
}

/** Paints pavement and road, and sometimes cars, people and trees before the house. */
export function paintStreet(canvas: Canvas, plan: Plan, dice: Dice): void {
  const { width, height, street } = plan;
  const pavement = scale([168, 164, 158], dice.range(0.7, 1.05));
  canvas.rect(0, street, width, height, pavement);
  const curb = street + (height - street) * dice.range(0.3, 0.6);
  canvas.rect(0, curb, width, height, scale(pavement, 0.6));
  canvas.shade(0, street, width, street + 1.5, 0.65);
  const unit = width / 256;
  if (dice.chance(0.35)) {
    for (let i = dice.whole(1, 4); i > 0; i--) paintCar(canvas, plan, dice);
  }
  for (let i = dice.chance(0.4) ? dice.whole(1, 5) : 0; i > 0; i--) {
    const x = dice.range(0, width);
    const foot = dice.range(street, Math.min(height, street + 6 * unit));
    const tall = dice.range(9, 12) * unit;
    const coat: Color = [dice.range(20, 150), dice.range(20, 120), dice.range(20, 140)];
    canvas.rect(x, foot - tall * 0.5, x + tall * 0.26, foot, [40, 42, 54]);
    canvas.rect(x - tall * 0.04, foot - tall * 0.84, x + tall * 0.3, foot - tall * 0.42, coat);
    canvas.ellipse(x + tall * 0.13, foot - tall * 0.92, tall * 0.1, tall * 0.1, [196, 156, 130]);
  }
  if (dice.chance(0.17)) paintTree(canvas, plan, dice);
}

function paintCar(canvas: Canvas, { width, height, street }: Plan, dice: Dice): void {
  const unit = width / 256;
  const long = dice.range(36, 56) * unit;
  const tall = long * 0.3;
  const x = dice.range(-long * 0.5, width - long * 0.5);
  const ground = Math.min(height, street + dice.range(5, 12) * unit);
  const paint: Color = dice.pick(
    [[150, 28, 30], [38, 54, 96], [196, 198, 200], [40, 42, 46], [120, 128, 132], [226, 226, 222], [
      44,
      84,
      66,
    ]] as const,
  );
  canvas.shade(x, ground - 2 * unit, x + long, ground + 2 * unit, 0.45);
  canvas.trapezoid(
    ground - tall,
    ground - tall * 0.55,
    x + long * 0.26,
    x + long * 0.72,
    x + long * 0.16,
    x + long * 0.84,
    paint,
  );
  canvas.trapezoid(
    ground - tall * 0.93,
    ground - tall * 0.56,
    x + long * 0.28,
    x + long * 0.7,
    x + long * 0.2,
    x + long * 0.8,
    [46, 54, 62],
  );
  canvas.fade(
    x,
    ground - tall * 0.58,
    x + long,
    ground - tall * 0.12,
    scale(paint, 1.1),
    scale(paint, 0.7),
  );
  for (const share of [0.2, 0.8]) {
    canvas.ellipse(x + long * share, ground - tall * 0.14, tall * 0.2, tall * 0.2, [24, 24, 26]);
    canvas.ellipse(x + long * share, ground - tall * 0.14, tall * 0.09, tall * 0.09, [
      150,
      150,
      152,
    ]);
  }
}

/** A trunk and a cloud of leaves, or of bare twigs. */
function paintTree(canvas: Canvas, { width, height, street }: Plan, dice: Dice): void {
  const unit = width / 256;
  const x = dice.range(0, width);
  const crown = height * dice.range(0.16, 0.34);
  const center = street - height * dice.range(0.2, 0.42);
  const leaf: Color = dice.pick(
    [[70, 92, 46], [92, 110, 56], [58, 76, 44], [120, 112, 58]] as const,
  );
  canvas.rect(x - 2 * unit, center, x + 2 * unit, street + 4 * unit, [70, 58, 48]);
  const salt = dice.whole(0, 1e6);
  for (let y = Math.floor(center - crown); y < center + crown * 0.8; y += 2) {
    for (let at = Math.floor(x - crown * 0.8); at < x + crown * 0.8; at += 2) {
      const reach = Math.hypot((at - x) / (crown * 0.8), (y - center) / crown);
      const ragged = reach + 0.35 * smoothNoise(at / (9 * unit), y / (9 * unit), salt) +
        0.3 * lattice(at, y, salt);
      if (ragged > 0.72) continue;
      const light = 0.75 + 0.3 * lattice(at, y, salt + 1) - 0.25 * (y - center) / crown;
      canvas.ellipse(at, y, 2 * unit, 1.6 * unit, scale(leaf, light), 0.85);
    }
  }
}

/** The light of the hour, the lens and the sensor, over everything. */
export function finish(canvas: Canvas, dice: Dice): void {
  const { width, height, data } = canvas;
  const warm = dice.range(-0.06, 0.07);
  const exposure = dice.range(0.8, 1.12);
  const contrast = dice.range(0.86, 1.16);
  const tilt = dice.range(-0.1, 0.1);
  const fall = dice.range(-0.02, 0.14);
  const tint: Color = [exposure * (1 + warm), exposure, exposure * (1 - warm)];
  const salt = dice.whole(0, 1e6);
  const grain = dice.range(1, 5);
  const haze = mix([0, 0, 0], [14, 16, 20], dice.next());
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 1 + tilt * (x / width - 0.5) - fall * (y / height);
      const speck = grain * lattice(x, y, salt);
      for (let c = 0; c < 3; c++, at++) {
        const value = data[at] * light * tint[c];
        data[at] = (value - 120) * contrast + 120 + speck + haze[c];
      }
    }
  }
  soften(canvas, dice.range(0, 0.2));
}

/** A lens is never perfectly sharp: each pixel takes a share from its four neighbours. */
function soften({ width, height, data }: Canvas, share: number): void {
  const before = data.slice();
  const pitch = 3 * width;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * pitch + 3, end = (y + 1) * pitch - 3; at < end; at++) {
      const around = before[at - 3] + before[at + 3] + before[at - pitch] + before[at + pitch];
      data[at] = (1 - share) * before[at] + share * around / 4;
    }
  }
}
