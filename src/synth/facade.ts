/**
 * Procedural facades: a house front as a camera across the street would see it.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";
import { Canvas } from "./canvas.ts";
import { Dice } from "./dice.ts";
import { paintGround } from "./ground.ts";
import { type Plan, planFacade, type Storey } from "./plan.ts";
import { paintRoof } from "./roof.ts";
import { drawStreetHouse } from "./street.ts";
import { finish, paintNeighbours, paintSky, paintStreet } from "./surroundings.ts";
import { paintBalcony, paintMouldings, paintWall } from "./wall.ts";
import { paintWindow, placeWindow } from "./window.ts";

/** The kinds of facades: plain houses of one street, or fronts of every sort. */
export const FACADE_STYLES = ["street", "varied"] as const;

/** One of {@linkcode FACADE_STYLES}. */
export type FacadeStyle = typeof FACADE_STYLES[number];

/** Draws facade `index`: a pure function of its arguments. */
export function drawFacade(
  seed: number,
  index: number,
  width: number,
  height: number,
  style: FacadeStyle = "street",
): RgbImage {
  const dice = new Dice(seed, index);
  return style === "street"
    ? drawStreetHouse(dice, width, height)
    : drawVariedFacade(dice, width, height);
}

function drawVariedFacade(dice: Dice, width: number, height: number): RgbImage {
  const plan = planFacade(dice, width, height);
  const canvas = new Canvas(width, height);
  paintSky(canvas, plan, dice);
  paintNeighbours(canvas, plan, dice);
  paintRoof(canvas, plan, dice);
  paintWall(canvas, plan, dice);
  paintMouldings(canvas, plan);
  for (const storey of plan.storeys) paintStorey(canvas, plan, storey, dice);
  paintGround(canvas, plan, plan.storeys[plan.storeys.length - 1].windows, dice);
  paintStreet(canvas, plan, dice);
  finish(canvas, dice);
  return canvas.toImage();
}

function paintStorey(canvas: Canvas, plan: Plan, storey: Storey, dice: Dice): void {
  const { windows: style, top, bottom } = storey;
  for (const center of plan.bays) {
    paintWindow(canvas, plan, style, placeWindow(plan, style, center, top, bottom), dice);
  }
  if (style.balcony === "none") return;
  const height = (bottom - top) * 0.24;
  const floor = bottom - (bottom - top) * 0.05;
  if (style.balcony === "long") {
    const reach = plan.bay / 2 - 2;
    paintBalcony(
      canvas,
      plan,
      plan.bays[0] - reach,
      plan.bays[plan.bays.length - 1] + reach,
      floor,
      height,
    );
  } else {
    for (const center of plan.bays) {
      paintBalcony(canvas, plan, center - plan.bay * 0.36, center + plan.bay * 0.36, floor, height);
    }
  }
}
