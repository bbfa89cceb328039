/**
 * The second half of every weight gradient: adding up the shares of a split sum.
 *
 * @module
 */

import source from "../../../shaders/sum_splits.wgsl" with { type: "text" };
import type { Slice } from "../../gpu/buffers.ts";
import { makeKernel } from "../../gpu/kernel.ts";
import { linearGrid, type Program } from "../../gpu/program.ts";

/** Records `result` (+)= the sum of `splits` shares of `count` numbers, in a fixed order. */
export function recordSumSplits(
  program: Program,
  shares: Slice,
  result: Slice,
  count: number,
  splits: number,
  accumulate: boolean,
): void {
  const kernel = makeKernel(program.gpu, "weight gradient sum", source, {
    COUNT: count,
    SPLITS: splits,
    ACCUMULATE: accumulate,
  });
  program.dispatch(kernel, [shares, result], linearGrid(count / 4, 64), {
    bytes: 4 * (splits + 1) * count,
  });
}
