/**
 * The architect: decides what a facade looks like before anything is painted.
 *
 * @module
 */

import { type Color, mix, scale } from "./canvas.ts";
import type { Dice } from "./dice.ts";

/** What the wall is made of. */
export type Material = "plaster" | "brick" | "stone";

/** How a storey's windows are dressed. */
export interface WindowStyle {
  /** Share of the bay's width. */
  readonly width: number;
  /** Share of the storey's height. */
  readonly height: number;
  /** Round at the top. */
  readonly arched: boolean;
  /** What crowns it. */
  readonly crown: "none" | "lintel" | "hood" | "triangle" | "segment";
  /** Surround in trim colour, in pixels; 0 for none. */
  readonly surround: number;
  /** How the glass is divided. */
  readonly bars: "cross" | "mullion" | "grid" | "none";
  /** Open shutters at its sides. */
  readonly shutters: boolean;
  /** A railing in front. */
  readonly balcony: "none" | "single" | "long";
}

/** A storey, counted from the top. */
export interface Storey {
  /** Its upper edge. */
  readonly top: number;
  /** Its lower edge. */
  readonly bottom: number;
  /** Its windows. */
  readonly windows: WindowStyle;
}

/** Colours that go together. */
export interface Palette {
  /** The wall. */
  readonly wall: Color;
  /** Mouldings, surrounds, sills. */
  readonly trim: Color;
  /** The ground floor's wall. */
  readonly base: Color;
  /** Window frames. */
  readonly frame: Color;
  /** Shutters and doors. */
  readonly wood: Color;
  /** The roof. */
  readonly roof: Color;
  /** Iron railings. */
  readonly iron: Color;
}

/** Everything about a facade that its painting needs. */
export interface Plan {
  /** Picture width. */
  readonly width: number;
  /** Picture height. */
  readonly height: number;
  /** Left and right edge of the house; neighbours stand beyond. */
  readonly left: number;
  /** See {@linkcode left}. */
  readonly right: number;
  /** Where the roof starts, the wall starts and the street starts. */
  readonly roofTop: number;
  /** See {@linkcode roofTop}. */
  readonly wallTop: number;
  /** See {@linkcode roofTop}. */
  readonly street: number;
  /** The kind of roof. */
  readonly roof: "flat" | "mansard" | "gable" | "pitched";
  /** Dormers in the roof. */
  readonly dormers: boolean;
  /** What the wall is made of. */
  readonly material: Material;
  /** Grooved blocks on the ground floor. */
  readonly rusticated: boolean;
  /** The colours. */
  readonly palette: Palette;
  /** Centres of the bays. */
  readonly bays: readonly number[];
  /** Width of a bay. */
  readonly bay: number;
  /** Storeys above the ground floor, from the top. */
  readonly storeys: readonly Storey[];
  /** Upper edge of the ground floor. */
  readonly groundTop: number;
  /** What the ground floor is used for. */
  readonly ground: "shops" | "windows" | "arcade";
  /** The bay of the door. */
  readonly doorBay: number;
  /** Upright strips between the bays. */
  readonly pilasters: boolean;
  /** Bands between the storeys. */
  readonly bands: boolean;
  /** Blocks at the corners. */
  readonly quoins: boolean;
  /** Bays that stand forward, as [first, last]; undefined for none. */
  readonly projection: readonly [number, number] | undefined;
  /** Where shadows fall: pixels to the right and down. */
  readonly shadow: readonly [number, number];
  /** How dark they are: a factor. */
  readonly shadowFactor: number;
}

const PLASTER: readonly Color[] = [
  [222, 202, 158],
  [226, 190, 122],
  [214, 172, 104],
  [232, 218, 186],
  [206, 186, 150],
  [214, 158, 118],
  [202, 134, 108],
  [190, 196, 176],
  [184, 190, 196],
  [202, 200, 192],
  [236, 228, 210],
  [178, 186, 150],
  [216, 176, 164],
  [230, 206, 112],
  [160, 166, 172],
];
const BRICK: readonly Color[] = [
  [146, 78, 60],
  [160, 92, 70],
  [126, 70, 58],
  [172, 124, 88],
  [138, 98, 78],
  [118, 56, 50],
];
const STONE: readonly Color[] = [
  [204, 192, 166],
  [188, 176, 152],
  [176, 168, 154],
  [214, 204, 182],
  [156, 146, 130],
];
const ROOF: readonly Color[] = [
  [146, 82, 60],
  [120, 66, 52],
  [92, 94, 102],
  [110, 112, 118],
  [84, 76, 74],
  [128, 96, 80],
];
const WOOD: readonly Color[] = [
  [70, 88, 66],
  [92, 66, 46],
  [60, 70, 84],
  [150, 148, 140],
  [104, 48, 40],
  [58, 46, 40],
  [52, 84, 92],
];

/** Draws up a facade for a picture of a size. */
export function planFacade(dice: Dice, width: number, height: number): Plan {
  const material = dice.chance(0.58) ? "plaster" : dice.chance(0.5) ? "brick" : "stone";
  const palette = choosePalette(dice, material);
  const sides = dice.next();
  const left = sides < 0.2 || sides > 0.85 ? width * dice.range(0.03, 0.14) : -4;
  const right = sides > 0.72 ? width * dice.range(0.86, 0.97) : width + 4;

  const roof = dice.chance(0.3)
    ? "flat"
    : dice.pick(["mansard", "pitched", "pitched", "gable"] as const);
  const roofTop = dice.chance(0.12) ? -height * 0.08 : height * dice.range(0.02, 0.16);
  const roofHeight = roof === "flat"
    ? height * 0.012
    : height * (roof === "gable" ? dice.range(0.12, 0.2) : dice.range(0.06, 0.15));
  const wallTop = roofTop + roofHeight;
  const street = height * dice.range(0.9, 0.985);

  const count = dice.whole(2, 5);
  const groundShare = dice.range(1.05, 1.45);
  const storeyHeight = (street - wallTop) / (count + groundShare);
  const groundTop = street - storeyHeight * groundShare;
  const bayGoal = storeyHeight * dice.range(0.62, 1.05);
  const visibleLeft = Math.max(left, 0);
  const visibleRight = Math.min(right, width);
  const bayCount = Math.max(2, Math.min(11, Math.round((visibleRight - visibleLeft) / bayGoal)));
  const bay = (visibleRight - visibleLeft) / bayCount;
  const bays = Array.from({ length: bayCount }, (_, i) => visibleLeft + (i + 0.5) * bay);
  const middle = Math.floor(bayCount / 2);

  return {
    width,
    height,
    left,
    right,
    roofTop,
    wallTop,
    street,
    roof,
    dormers: roof !== "flat" && roofHeight > height * 0.075 && dice.chance(0.6),
    material,
    rusticated: dice.chance(0.45),
    palette,
    bays,
    bay,
    storeys: planStoreys(dice, wallTop, groundTop, count, width / 256),
    groundTop,
    ground: dice.pick(["shops", "shops", "windows", "arcade"] as const),
    doorBay: dice.chance(0.6) ? middle : dice.whole(0, bayCount - 1),
    pilasters: dice.chance(0.22),
    bands: dice.chance(0.7),
    quoins: dice.chance(0.2),
    projection: bayCount >= 5 && dice.chance(0.4)
      ? bayCount % 2 === 1 ? [middle - 1, middle + 1] : [middle - 1, middle]
      : undefined,
    shadow: [dice.range(-1.6, 1.6) * width / 256, dice.range(1.2, 3.4) * width / 256],
    shadowFactor: dice.range(0.52, 0.82),
  };
}

function choosePalette(dice: Dice, material: Material): Palette {
  const jitter = (color: Color): Color => {
    const light = dice.range(0.88, 1.06);
    return [
      color[0] * light + dice.range(-8, 8),
      color[1] * light + dice.range(-6, 6),
      color[2] * light + dice.range(-8, 8),
    ];
  };
  const walls = material === "plaster" ? PLASTER : material === "brick" ? BRICK : STONE;
  const wall = jitter(dice.pick(walls));
  const light: Color = [232, 226, 212];
  const trim = material === "stone"
    ? scale(wall, dice.range(0.92, 1.1))
    : mix(wall, light, dice.chance(0.75) ? dice.range(0.45, 0.95) : dice.range(0.05, 0.3));
  const base = dice.chance(0.5) ? scale(wall, dice.range(0.7, 0.92)) : jitter(dice.pick(STONE));
  const wood = jitter(dice.pick(WOOD));
  const frame: Color = dice.chance(0.7) ? [226, 224, 216] : mix(wood, [70, 56, 46], 0.5);
  return { wall, trim, base, frame, wood, roof: jitter(dice.pick(ROOF)), iron: [44, 46, 48] };
}

function planStoreys(
  dice: Dice,
  top: number,
  bottom: number,
  count: number,
  unit: number,
): Storey[] {
  const usual = planWindows(dice, unit);
  const noble: WindowStyle = dice.chance(0.5)
    ? {
      ...usual,
      crown: dice.pick(["triangle", "segment", "hood"] as const),
      height: usual.height * 1.06,
    }
    : usual;
  const attic: WindowStyle = dice.chance(0.5)
    ? { ...usual, crown: "none", height: usual.height * dice.range(0.68, 0.9), balcony: "none" }
    : usual;
  const odd = dice.chance(0.25)
    ? { ...usual, arched: !usual.arched, crown: "none" as const }
    : usual;
  const balconies = dice.chance(0.35) ? dice.pick(["single", "long"] as const) : "none";
  const shares = Array.from({ length: count }, (_, i) => i === 0 && attic !== usual ? 0.85 : 1);
  const unitHeight = (bottom - top) / shares.reduce((sum, share) => sum + share, 0);
  let y = top;
  return shares.map((share, i) => {
    const storey = { top: y, bottom: y += share * unitHeight };
    const style = i === 0 ? attic : i === count - 1 ? noble : i === 1 ? odd : usual;
    const balcony = i > 0 && (i === count - 1 || i === 1) ? balconies : style.balcony;
    return { ...storey, windows: { ...style, balcony } };
  });
}

function planWindows(dice: Dice, unit: number): WindowStyle {
  return {
    width: dice.range(0.4, 0.6),
    height: dice.range(0.54, 0.7),
    arched: dice.chance(0.15),
    crown: dice.pick(["none", "none", "lintel", "lintel", "hood", "triangle"] as const),
    surround: dice.chance(0.7) ? dice.range(1, 3) * unit : 0,
    bars: dice.pick(["cross", "cross", "mullion", "grid", "none"] as const),
    shutters: dice.chance(0.16),
    balcony: "none",
  };
}
