/**
 * Products for few channels on the big side, above all the pictures' own four, where lanes that hold
 * channels would idle: here a lane is a pixel of the pictures. Like winograd.ts for a software
 * adapter.
 *
 * @module
 */

import downSource from "../../../shaders/pixels_down.wgsl" with { type: "text" };
import upSource from "../../../shaders/pixels_up.wgsl" with { type: "text" };
import tanhSource from "../../../shaders/tanh.wgsl" with { type: "text" };
import weightGradientSource from "../../../shaders/pixels_weight_gradient.wgsl" with {
  type: "text",
};
import { LEAKY_SLOPE } from "../activation.ts";
import { texelPitch } from "../feature_maps.ts";
import { makeKernel } from "../../gpu/kernel.ts";
import {
  bigShape,
  convBytes,
  convFlops,
  type ProductVariant,
  shapeConstants,
  smallShape,
} from "./product.ts";
import { lanesOf, requireLanes } from "./lanes.ts";
import { laneProducts, subgroupKernelsFit } from "./subgroup.ts";
import { recordSumSplits } from "./sum_splits.ts";

/** The output phase (2 * row parity + column parity) that a kernel tap serves. */
function phaseOf(tap: number): number {
  return 3 - (tap >> 2 & 1) * 2 - (tap & 1);
}

/** Which pixel of the window around row `r` a kernel tap meets: "<row><column>". */
function pixelOf(tap: number, r: number): string {
  // Tap 3 meets the pixel above (0), taps 1 and 2 the middle one, tap 0 the one below.
  const offset = (k: number) => 2 - (k + 1 >> 1);
  return `${r + offset(tap >> 2)}${offset(tap & 3)}`;
}

/** Which pixel of the patch [4][10] around four neighbours a tap of the p-th of them meets. */
function patch(tap: number, p: number): number {
  return 10 * (tap >> 2) + 2 * p + (tap & 3);
}

/** Down from pictures of four channels. */
function down(rows: number): ProductVariant {
  return {
    name: `pixels ${rows} rows`,
    product: "down",
    version: 3,
    readsTextures: true,
    supports: (gpu, shape) =>
      shape.big === 4 && shape.width % 4 === 0 && shape.height % rows === 0 &&
      subgroupKernelsFit(gpu, shape),
    record(program, workspace, shape, { big, small, weight }, { activation }) {
      const lanes = requireLanes(program.gpu);
      const kernel = makeKernel(program.gpu, `down pixels ${rows} rows`, downSource, {
        ...shapeConstants(shape),
        BIG_PITCH: texelPitch(shape.big),
        LANES: lanes,
        ROWS: rows,
        patch,
        products: laneProducts,
      });
      const operands = [
        workspace.packing.pictures(program, big, bigShape(shape)),
        workspace.packing.weights(program, weight, shape.big, shape.small),
      ];
      const slope = workspace.floats([activation === "leaky_relu" ? LEAKY_SLOPE : 1]);
      program.dispatch(
        kernel,
        [...operands, small, slope],
        [Math.ceil(shape.small / 4 / lanes), shape.height / rows, shape.batch],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  };
}

function up(rows: number): ProductVariant {
  return {
    name: `pixels ${rows}x8`,
    product: "up",
    version: 3,
    readsTextures: true,
    supports: (gpu, shape) =>
      shape.width % (lanesOf(gpu) ?? Infinity) === 0 && shape.height % rows === 0 &&
      subgroupKernelsFit(gpu, shape),
    record(program, workspace, shape, { big, small, weight }, { activation }) {
      const lanes = requireLanes(program.gpu);
      const tapWeights = (tap: number, m: number) => {
        const from = (c: number) => 4 * tap % lanes + c;
        const load = `f${Math.floor(4 * tap / lanes)}[${m}]`;
        const each = [0, 1, 2, 3].map((c) => `subgroupBroadcast(${load}, ${from(c)}u)`);
        return `vec4f(${each.join(", ")})`;
      };
      const kernel = makeKernel(program.gpu, `up pixels ${rows}x8`, upSource + tanhSource, {
        ...shapeConstants(shape),
        SMALL_PITCH: texelPitch(shape.small),
        LANES: lanes,
        tapWeights,
        ROWS: rows,
        ACTIVATION: activation,
        phaseOf,
        pixelOf,
      });
      const operands = [
        workspace.packing.pictures(program, small, smallShape(shape)),
        workspace.packing.weights(program, weight, shape.big, shape.small),
      ];
      program.dispatch(
        kernel,
        [...operands, big],
        [shape.width / lanes * shape.big / 4, shape.height / rows, shape.batch],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  };
}

function weightGradient(tapRows: number): ProductVariant {
  const name = `pixels ${tapRows} tap rows`;
  return {
    name,
    product: "weight gradient",
    version: 4,
    readsTextures: true,
    supports: (gpu, shape) => shape.width % 4 === 0 && subgroupKernelsFit(gpu, shape),
    record(program, workspace, shape, { big, small, weight }, epilogue) {
      const count = 16 * shape.big * shape.small;
      const quads = shape.batch * shape.height * shape.width / 4;
      const lanes = requireLanes(program.gpu);
      const blocks = Math.ceil(shape.small / 4 / lanes) * 4 / tapRows;
      // A few workgroups for every core, each with a long sum.
      const splits = Math.max(1, Math.min(Math.ceil(64 / (blocks * shape.big / 4)), quads >> 5));
      const sizes = workspace.words(Uint32Array.of(quads, Math.ceil(quads / splits)));
      const shares = workspace.buffer("weight gradient shares", splits * count);
      const kernel = makeKernel(
        program.gpu,
        `weight gradient ${name}`,
        weightGradientSource,
        {
          ...shapeConstants(shape),
          BIG_PITCH: texelPitch(shape.big),
          SMALL_PITCH: texelPitch(shape.small),
          TAP_ROWS: tapRows,
          LANES: lanes,
          LOADS: Math.ceil(10 * tapRows / lanes),
          products: laneProducts,
        },
      );
      const operands = [
        workspace.packing.pictures(program, big, bigShape(shape)),
        workspace.packing.pictures(program, small, smallShape(shape)),
      ];
      program.dispatch(kernel, [...operands, shares, sizes], [blocks, shape.big / 4, splits], {
        flops: convFlops(shape),
        bytes: convBytes(shape),
      });
      recordSumSplits(program, "weight gradient", { shares, splits, count }, weight, epilogue);
    },
  };
}

/** Variants of the products for few channels on the big side. */
export const PIXELS: readonly ProductVariant[] = [
  down(4),
  ...[2, 4].map(up),
  ...[2, 4].map(weightGradient),
];
