/**
 * Lanes of a software adapter's subgroup: 8 where its vectors have 256 bits, 16 where they have 512.
 *
 * @module
 */

import type { Gpu } from "../../gpu/device.ts";

/** The numbers of lanes that the subgroup kernels are written for. */
const LANE_COUNTS: readonly number[] = [8, 16];

/** Lanes of the adapter's subgroup; undefined where the subgroup kernels cannot run. */
export function lanesOf(gpu: Gpu): number | undefined {
  const [fewest, most] = gpu.summary.subgroupSizes ?? [];
  return fewest === most && LANE_COUNTS.includes(fewest!) ? fewest : undefined;
}

/** Lanes of the adapter's subgroup, where there is a choice of kernels that asked before. */
export function requireLanes(gpu: Gpu): number {
  const lanes = lanesOf(gpu);
  if (lanes === undefined) throw new Error("the subgroup kernels cannot run on this adapter");
  return lanes;
}
