/**
 * The products straight from their definitions: no workgroup memory, no workspace, right on every
 * adapter. What the other variants are checked against on the GPU.
 *
 * @module
 */

import sumSource from "../../../shaders/compensated_sum.wgsl" with { type: "text" };
import downSource from "../../../shaders/down_direct.wgsl" with { type: "text" };
import tanhSource from "../../../shaders/tanh.wgsl" with { type: "text" };
import upSource from "../../../shaders/up_direct.wgsl" with { type: "text" };
import weightGradientSource from "../../../shaders/weight_gradient_direct.wgsl" with {
  type: "text",
};
import { makeKernel } from "../../gpu/kernel.ts";
import { linearGrid } from "../../gpu/program.ts";
import { convBytes, convFlops, type ProductVariant, shapeConstants } from "./product.ts";
import { recordSumSplits } from "./sum_splits.ts";

/** Neighbouring pixels a thread makes. */
const ROWS = 4;

const down: ProductVariant = {
  name: "direct",
  product: "down",
  version: 1,
  readsTextures: false,
  supports: () => true,
  record(program, _workspace, shape, { big, small, weight }, { activation }) {
    const { batch, height, width } = shape;
    const kernel = makeKernel(program.gpu, "down direct", downSource + sumSource, {
      ...shapeConstants(shape),
      ROWS,
      ACTIVATION: activation,
    });
    const threads = shape.small / 4 * Math.ceil(batch * height * width / ROWS);
    program.dispatch(kernel, [big, weight, small], linearGrid(threads, 64), {
      flops: convFlops(shape),
      bytes: convBytes(shape),
    });
  },
};

const up: ProductVariant = {
  name: "direct",
  product: "up",
  version: 1,
  readsTextures: false,
  supports: () => true,
  record(program, _workspace, shape, { big, small, weight }, { activation }) {
    const { batch, height, width } = shape;
    const kernel = makeKernel(program.gpu, "up direct", upSource + tanhSource + sumSource, {
      ...shapeConstants(shape),
      ROWS,
      ACTIVATION: activation,
    });
    const threads = shape.big * Math.ceil(batch * height * width / ROWS);
    program.dispatch(kernel, [small, weight, big], linearGrid(threads, 64), {
      flops: convFlops(shape),
      bytes: convBytes(shape),
    });
  },
};

const weightGradient: ProductVariant = {
  name: "direct",
  product: "weight gradient",
  version: 1,
  readsTextures: false,
  supports: () => true,
  record(program, workspace, shape, { big, small, weight }, epilogue) {
    const rows = shape.batch * shape.height * shape.width;
    const count = 16 * shape.big * shape.small;
    // Enough threads to fill a GPU: split the sum over pixels where the weights are few.
    const splits = Math.max(1, Math.min(16, Math.ceil(65536 * 16 / count), Math.ceil(rows / 32)));
    const shares = workspace.buffer("weight gradient shares", splits * count);
    const kernel = makeKernel(
      program.gpu,
      "weight gradient direct",
      weightGradientSource + sumSource,
      {
        ...shapeConstants(shape),
        SPLITS: splits,
        SPLIT_ROWS: Math.ceil(rows / splits),
      },
    );
    program.dispatch(kernel, [big, small, shares], linearGrid(splits * count / 16, 64), {
      flops: convFlops(shape),
      bytes: convBytes(shape),
    });
    recordSumSplits(program, "weight gradient", { shares, splits, count }, weight, epilogue);
  },
};

/** One direct variant a product. */
export const DIRECT: readonly ProductVariant[] = [down, up, weightGradient];
