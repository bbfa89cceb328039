/**
 * Plain house fronts, as along one street: what a small network learns within a thousand steps.
 *
 * Three to five bays by three to four storeys fill the picture between a strip of sky and one of
 * pavement. Little else differs: the wall's colour, the roof's, and the door's place.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";
import { Canvas, type Color, mix, scale } from "./canvas.ts";
import type { Dice } from "./dice.ts";

const WALLS: readonly Color[] = [
  [238, 222, 186], // cream
  [226, 176, 88], // ochre
  [196, 104, 78], // terracotta
  [166, 190, 152], // sage
  [150, 178, 204], // pale blue
  [222, 168, 170], // rose
];
const ROOFS: readonly Color[] = [[138, 66, 50], [78, 82, 92]];
const DOORS: readonly Color[] = [[88, 52, 34], [38, 74, 62]];
const SKY: readonly [Color, Color] = [[120, 172, 224], [196, 220, 240]];
const TRIM: Color = [246, 242, 232];
const GLASS: Color = [44, 54, 70];
const PAVEMENT: Color = [132, 122, 104];

/** Draws a house of the street; lengths are shares of the picture. */
export function drawStreetHouse(dice: Dice, width: number, height: number): RgbImage {
  const canvas = new Canvas(width, height);
  const bays = dice.whole(3, 5);
  const storeys = dice.whole(3, 4);
  const light = dice.range(0.96, 1.04);
  const wall = scale(dice.pick(WALLS), light);
  const door = dice.pick(DOORS);
  const roof = scale(dice.pick(ROOFS), light);
  // Where the roof and the wall begin, and where the pavement does.
  const [ridge, eaves, street] = [0.05, 0.17, 0.94].map((share) => share * height);

  canvas.fade(0, 0, width, eaves, ...SKY);
  paintRoof(canvas, ridge, eaves, roof);
  canvas.rect(0, eaves, width, street, wall);
  canvas.rect(0, street, width, height, PAVEMENT);
  canvas.rect(0, street, width, street + 0.012 * height, scale(PAVEMENT, 0.7));

  const bay = width / bays;
  const storey = (street - eaves) / storeys;
  const doorBay = Math.floor(bays / 2);
  for (let row = 0; row < storeys; row++) {
    const top = eaves + row * storey;
    if (row > 0) {
      canvas.rect(0, top - 0.006 * height, width, top + 0.006 * height, mix(wall, TRIM, 0.7));
    }
    for (let column = 0; column < bays; column++) {
      const center = (column + 0.5) * bay;
      if (row === storeys - 1 && column === doorBay) {
        paintDoor(canvas, center, bay, top, street, door);
      } else paintWindow(canvas, center, bay, top, storey, wall);
    }
  }
  return canvas.toImage();
}

function paintRoof(canvas: Canvas, ridge: number, eaves: number, color: Color): void {
  const { width, height } = canvas;
  canvas.trapezoid(ridge, eaves, 0.1 * width, 0.9 * width, 0, width, color);
  canvas.rect(0, eaves - 0.018 * height, width, eaves + 0.006 * height, TRIM);
  canvas.shade(0, eaves + 0.006 * height, width, eaves + 0.024 * height, 0.78);
}

function paintWindow(
  canvas: Canvas,
  center: number,
  bay: number,
  top: number,
  storey: number,
  wall: Color,
): void {
  const [left, right] = [center - 0.27 * bay, center + 0.27 * bay];
  const [head, sill] = [top + 0.2 * storey, top + 0.8 * storey];
  const edge = 0.016 * canvas.width;
  canvas.rect(left - edge, head - edge, right + edge, sill + edge, TRIM);
  canvas.fade(left, head, right, sill, GLASS, mix(GLASS, [150, 176, 200], 0.45));
  canvas.rect(left - edge, sill + edge, right + edge, sill + 2 * edge, scale(wall, 0.62));
}

function paintDoor(
  canvas: Canvas,
  center: number,
  bay: number,
  top: number,
  street: number,
  color: Color,
): void {
  const storey = street - top;
  const [left, right] = [center - 0.32 * bay, center + 0.32 * bay];
  const head = top + 0.14 * storey;
  const edge = 0.014 * canvas.width;
  canvas.rect(left - edge, head - edge, right + edge, street, TRIM);
  canvas.rect(left, head, right, street, color);
  canvas.rect(left + edge, head + edge, right - edge, head + 0.22 * storey, GLASS);
  canvas.rect(
    center - edge / 3,
    head + 0.22 * storey,
    center + edge / 3,
    street,
    scale(color, 0.5),
  );
}
