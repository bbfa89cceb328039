/**
 * Which variant computes a product: what was asked for, else what was measured to be fastest on
 * this adapter, else a choice that serves its kind of adapter well.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import type { Gpu } from "../../gpu/device.ts";
import { DIRECT } from "./direct.ts";
import { PICTURES } from "./pictures.ts";
import { PIXELS } from "./pixels.ts";
import type { ConvShape, Product, ProductVariant } from "./product.ts";
import { TILED } from "./tiled.ts";
import { WINOGRAD } from "./winograd.ts";

/** Every variant of every product. */
export const VARIANTS: readonly ProductVariant[] = [
  ...DIRECT,
  ...TILED,
  ...WINOGRAD,
  ...PIXELS,
  ...PICTURES,
];

/** The variants that can do a product of this shape on this adapter. */
export function candidates(gpu: Gpu, product: Product, shape: ConvShape): ProductVariant[] {
  return VARIANTS.filter((variant) =>
    variant.product === product && (variant.half ?? false) === (shape.half ?? false) &&
    variant.supports(gpu, shape)
  );
}

/** Names a variant for a product and shape, or leaves the choice to others. */
export type KernelSelector = (product: Product, shape: ConvShape) => string | undefined;

const selectors = new WeakMap<GPUDevice, KernelSelector>();

/**
 * Sets which variants a device uses from now on; what is already recorded stays as it is.
 *
 * @returns What decided until now.
 */
export function setKernelSelector(
  gpu: Gpu,
  selector: KernelSelector | undefined,
): KernelSelector | undefined {
  const before = selectors.get(gpu.device);
  if (selector) selectors.set(gpu.device, selector);
  else selectors.delete(gpu.device);
  return before;
}

/** Has another device use the variants that this one does. */
export function copyKernelSelector(from: Gpu, to: Gpu): void {
  setKernelSelector(to, selectors.get(from.device));
}

/**
 * The variant for a product and shape.
 *
 * @throws {UserError} If the selector names a variant that does not exist.
 */
export function selectVariant(gpu: Gpu, product: Product, shape: ConvShape): ProductVariant {
  const able = candidates(gpu, product, shape);
  const named = selectors.get(gpu.device)?.(product, shape);
  if (named !== undefined) {
    if (!VARIANTS.some(({ name }) => name === named)) {
      throw new UserError(
        `there is no kernel variant '${named}'; there are ${
          [...new Set(VARIANTS.map(({ name }) => name))].join(", ")
        }`,
      );
    }
    const chosen = able.find(({ name }) => name === named);
    if (chosen) return chosen;
  }
  return builtInVariant(gpu, product, shape);
}

/** The variant that serves where nothing was measured. */
export function builtInVariant(gpu: Gpu, product: Product, shape: ConvShape): ProductVariant {
  const able = candidates(gpu, product, shape);
  for (const name of builtInNames(gpu, product, shape)) {
    const variant = able.find((one) => one.name === name);
    if (variant) return variant;
  }
  return able[0];
}

/**
 * On processors what holds its sums in registers, on GPUs the largest tile that the product fills;
 * then what an adapter of smaller limits can do instead.
 */
function builtInNames(gpu: Gpu, product: Product, shape: ConvShape): string[] {
  const { big, half } = shape;
  if (half || !gpu.software) {
    const tiles = tilesFor(gpu, product, shape).map((tile) =>
      `${half ? "half " : ""}tiled ${tile}`
    );
    return product === "up" && big === 4 ? ["pictures 8x8", ...tiles] : tiles;
  }
  if (product === "down" && big === 4) return ["pixels 4 rows"];
  if (product === "up" && big <= 16) return ["pixels 4x8"];
  if (product === "weight gradient" && big <= 8) return ["pixels 2 tap rows"];
  return ["winograd 2x2"];
}

function tilesFor(
  gpu: Gpu,
  product: Product,
  { batch, height, width, big, small }: ConvShape,
): string[] {
  const rows = product === "weight gradient" ? 16 * big : batch * height * width;
  const columns = product === "up" ? big : small;
  if (gpu.software) return columns <= 32 ? ["32x32/4x4"] : ["64x64/4x4"];
  if (columns <= 32 || rows <= 32) return ["32x32/4x4"];
  const tiles = ["64x64/8x8", "64x64/4x4", "32x32/4x4"];
  if (rows < 1024) return tiles;
  return columns <= 64 ? ["128x64/8x8", ...tiles] : ["128x128/8x8", "128x64/8x8", ...tiles];
}
