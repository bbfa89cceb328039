/**
 * What the kernels for a software adapter have in common. Its subgroup is one vector
 * register (lanes.ts), so a workgroup is one subgroup that keeps its sums in registers and hands loaded values
 * round by broadcasts; operands come from textures (packing.ts).
 *
 * @module
 */

import type { Gpu } from "../../gpu/device.ts";
import { featureMapsFit, weightsFit } from "./packing.ts";
import { bigShape, type ConvShape, smallShape } from "./product.ts";

/** Whether these kernels run, and run well, on an adapter and at a shape. */
export function subgroupKernelsFit(gpu: Gpu, shape: ConvShape): boolean {
  return gpu.software && featureMapsFit(gpu, bigShape(shape)) &&
    featureMapsFit(gpu, smallShape(shape)) &&
    weightsFit(gpu, shape.big, shape.small);
}

/**
 * WGSL for u0 * v(0) + ... + u3 * v(3), where each v is handed to all lanes by one of them. Summed
 * before it meets an accumulator: that is exacter, and an accumulator's update costs a blend.
 */
export function laneProducts(
  u: string,
  suffix: string,
  v: (m: number) => string,
  lane: number | ((m: number) => number),
): string {
  const from = (m: number) => typeof lane === "number" ? lane : lane(m);
  const product = (m: number) => `${u}${m}${suffix} * subgroupBroadcast(${v(m)}, ${from(m)}u)`;
  return `((${product(0)} + ${product(1)}) + ${product(2)}) + ${product(3)}`;
}
