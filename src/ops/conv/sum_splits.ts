/**
 * The second half of every product whose sums were split: adding up the shares.
 *
 * @module
 */

import source from "../../../shaders/sum_splits.wgsl" with { type: "text" };
import tanhSource from "../../../shaders/tanh.wgsl" with { type: "text" };
import type { Slice } from "../../gpu/buffers.ts";
import { makeKernel } from "../../gpu/kernel.ts";
import { linearGrid, type Program } from "../../gpu/program.ts";
import type { Epilogue, Product } from "./product.ts";

/** Shares of a split sum, one after the other. */
export interface Shares {
  /** All of them: [splits][count]. */
  readonly shares: Slice;
  /** How many there are. */
  readonly splits: number;
  /** Numbers in one, a multiple of 4. */
  readonly count: number;
}

/** Records `result` = the sum of the shares in a fixed order, and what the epilogue says. */
export function recordSumSplits(
  program: Program,
  product: Product,
  { shares, splits, count }: Shares,
  result: Slice,
  { activation }: Epilogue,
): void {
  const text = activation === "tanh" ? source + tanhSource : source;
  const kernel = makeKernel(program.gpu, `${product} sum`, text, {
    COUNT: count,
    SPLITS: splits,
    LOOPED: program.gpu.software,
    ACTIVATION: activation,
  });
  program.dispatch(kernel, [shares, result], linearGrid(count / 4, 64), {
    bytes: 4 * (splits + 1) * count,
  });
}
