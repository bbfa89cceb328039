/**
 * The products as matrix products through workgroup memory, their operands gathered on the way in
 * (implicit GEMM): what a GPU likes. In half precision the operands are rounded to f16 on the way into
 * workgroup memory, which halves its traffic; products are f16, sums f32.
 *
 * @module
 */

import downSource from "../../../shaders/tiled_down.wgsl" with { type: "text" };
import productSource from "../../../shaders/tiled_product.wgsl" with { type: "text" };
import tanhSource from "../../../shaders/tanh.wgsl" with { type: "text" };
import upSource from "../../../shaders/tiled_up.wgsl" with { type: "text" };
import weightGradientSource from "../../../shaders/tiled_weight_gradient.wgsl" with {
  type: "text",
};
import type { Gpu } from "../../gpu/device.ts";
import { type Kernel, makeKernel } from "../../gpu/kernel.ts";
import type { Constants } from "../../gpu/template.ts";
import { convBytes, convFlops, type ProductVariant, shapeConstants } from "./product.ts";
import { recordSumSplits } from "./sum_splits.ts";

/** A tile a workgroup makes, and a thread's part of it. */
interface Tile {
  /** Rows of the tile. */
  readonly m: number;
  /** Columns of the tile. */
  readonly n: number;
  /** Rows a thread makes; a multiple of 4. */
  readonly rows: number;
  /** Columns a thread makes, in fours. */
  readonly columns: number;
}

const TILES: readonly Tile[] = [
  { m: 32, n: 32, rows: 4, columns: 1 },
  { m: 64, n: 64, rows: 4, columns: 1 },
  { m: 64, n: 64, rows: 8, columns: 2 },
  { m: 128, n: 64, rows: 8, columns: 2 },
  { m: 128, n: 128, rows: 8, columns: 2 },
];

/** Values of K in a slab: a multiple of 4 that gives every thread a load. */
const SLAB = 16;

function tileThreads({ m, n, rows, columns }: Tile): number {
  return (m / rows) * (n / 4 / columns);
}

function fits(gpu: Gpu, tile: Tile): boolean {
  const bytes = 4 * SLAB * (tile.m + tile.n);
  const threads = tileThreads(tile);
  const { limits } = gpu.summary;
  return bytes <= limits.maxComputeWorkgroupStorageSize &&
    threads <= limits.maxComputeInvocationsPerWorkgroup &&
    threads <= limits.maxComputeWorkgroupSizeX;
}

function tileConstants(tile: Tile): Constants {
  const { m, n, rows, columns } = tile;
  return {
    TILE_M: m,
    TILE_N: n,
    ROWS: rows,
    COLUMNS: columns,
    SLAB,
    THREADS: tileThreads(tile),
  };
}

function variants(tile: Tile, half: boolean): ProductVariant[] {
  const name = `${half ? "half " : ""}tiled ${tile.m}x${tile.n}/${tile.rows}x${4 * tile.columns}`;
  const make = (gpu: Gpu, label: string, source: string, constants: Constants): Kernel =>
    makeKernel(gpu, `${label} ${name}`, (half ? "enable f16;\n" : "") + source + productSource, {
      ...tileConstants(tile),
      HALF: half,
      ...constants,
    });
  const grid = (m: number, n: number, layers: number): [number, number, number] => [
    Math.ceil(n / tile.n),
    Math.ceil(m / tile.m),
    layers,
  ];
  const common = {
    name,
    version: 1,
    readsTextures: false,
    half,
    supports: (gpu: Gpu) => fits(gpu, tile) && (!half || gpu.has("shader-f16")),
  };
  return [{
    ...common,
    product: "down",
    record(program, _workspace, shape, { big, small, weight }, { activation }) {
      const kernel = make(program.gpu, "down", downSource, {
        ...shapeConstants(shape),
        A_LAYOUT: "mk",
        B_LAYOUT: "kn",
        ACTIVATION: activation,
      });
      const pixels = shape.batch * shape.height * shape.width;
      program.dispatch(kernel, [big, weight, small], grid(pixels, shape.small, 1), {
        flops: convFlops(shape),
        bytes: convBytes(shape),
      });
    },
  }, {
    ...common,
    product: "up",
    record(program, _workspace, shape, { big, small, weight }, { activation }) {
      const kernel = make(program.gpu, "up", upSource + tanhSource, {
        ...shapeConstants(shape),
        A_LAYOUT: "mk",
        B_LAYOUT: "nk",
        ACTIVATION: activation,
      });
      const pixels = shape.batch * shape.height * shape.width;
      program.dispatch(kernel, [small, weight, big], grid(pixels, shape.big, 4), {
        flops: convFlops(shape),
        bytes: convBytes(shape),
      });
    },
  }, {
    ...common,
    product: "weight gradient",
    record(program, workspace, shape, { big, small, weight }, { accumulate }) {
      const pixels = shape.batch * shape.height * shape.width;
      const count = 16 * shape.big * shape.small;
      const tiles = Math.ceil(16 * shape.big / tile.m) * Math.ceil(shape.small / tile.n);
      // About 512 workgroups fill a large GPU; a share should still be a few slabs long.
      const most = Math.max(1, Math.floor(pixels / (4 * SLAB)));
      const splits = Math.min(most, Math.max(1, Math.ceil(512 / tiles)), 64);
      const splitRows = Math.ceil(pixels / splits / SLAB) * SLAB;
      const used = Math.ceil(pixels / splitRows);
      const shares = workspace.buffer("weight gradient shares", used * count);
      const kernel = make(program.gpu, "weight gradient", weightGradientSource, {
        ...shapeConstants(shape),
        A_LAYOUT: "km",
        B_LAYOUT: "kn",
        SPLITS: used,
        SPLIT_ROWS: splitRows,
      });
      program.dispatch(kernel, [big, small, shares], grid(16 * shape.big, shape.small, used), {
        flops: convFlops(shape),
        bytes: convBytes(shape),
      });
      recordSumSplits(program, shares, weight, count, used, accumulate);
    },
  }];
}

/** Tiled variants of every product in several tile shapes, in single and in half precision. */
export const TILED: readonly ProductVariant[] = [false, true].flatMap((half) =>
  TILES.flatMap((tile) => variants(tile, half))
);
