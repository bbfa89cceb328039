/**
 * The products as matrix products through workgroup memory, their operands gathered on the way in
 * (implicit GEMM): what a GPU likes. In half precision operands are rounded to f16 on the way into
 * workgroup memory; a slab's products are summed in f16, which packs two a lane, and slabs in f32.
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
import type { Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import { type Kernel, makeKernel } from "../../gpu/kernel.ts";
import type { Program } from "../../gpu/program.ts";
import type { Constants } from "../../gpu/template.ts";
import {
  convBytes,
  convFlops,
  type ConvShape,
  type Epilogue,
  type Product,
  type ProductVariant,
  shapeConstants,
} from "./product.ts";
import { recordSumSplits } from "./sum_splits.ts";
import type { Workspace } from "./workspace.ts";

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
  /** Values of K in a slab: a multiple of 4 that gives every thread a load. */
  readonly slab: number;
  /** Slabs in workgroup memory: with two, a slab costs one barrier instead of two. */
  readonly buffers: number;
}

const TILES: readonly Tile[] = [
  { m: 32, n: 32, rows: 4, columns: 1, slab: 16, buffers: 1 },
  { m: 64, n: 64, rows: 4, columns: 1, slab: 16, buffers: 1 },
  { m: 64, n: 64, rows: 8, columns: 2, slab: 8, buffers: 2 },
  { m: 128, n: 64, rows: 8, columns: 2, slab: 8, buffers: 2 },
  { m: 128, n: 128, rows: 8, columns: 2, slab: 8, buffers: 2 },
];

/** Threads that fill a large GPU: where tiles are fewer, K is split. */
const MANY_THREADS = 65536;

/** A share of K is no shorter than this many slabs, or its start and its sum would cost too much. */
const LEAST_SLABS = 16;

function tileThreads({ m, n, rows, columns }: Tile): number {
  return (m / rows) * (n / 4 / columns);
}

/** Bytes of workgroup memory, the vec4f that keeps a turned operand's rows apart included. */
function tileBytes({ m, n, slab, buffers }: Tile, half: boolean): number {
  return (half ? 2 : 4) * slab * buffers * (m + 4 + n + 4);
}

function fits(gpu: Gpu, tile: Tile, half: boolean): boolean {
  const threads = tileThreads(tile);
  const { limits } = gpu.summary;
  return tileBytes(tile, half) <= limits.maxComputeWorkgroupStorageSize &&
    threads <= limits.maxComputeInvocationsPerWorkgroup &&
    threads <= limits.maxComputeWorkgroupSizeX &&
    (!half || gpu.has("shader-f16"));
}

/** A product as C[M][N] = A[M][K] * B[K][N], once a layer. */
interface MatrixProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly layers: number;
}

/** How K is shared out: `share` values each, whole rounds of the loop, to `splits` grid layers. */
function splitK(
  tile: Tile,
  { m, n, k, layers }: MatrixProduct,
  most: number,
): { splits: number; share: number } {
  const round = tile.slab * tile.buffers;
  const threads = Math.ceil(m / tile.m) * Math.ceil(n / tile.n) * layers * tileThreads(tile);
  const wanted = Math.min(
    Math.ceil(MANY_THREADS / threads),
    Math.max(1, Math.floor(k / (LEAST_SLABS * tile.slab))),
    most,
  );
  const share = Math.ceil(k / wanted / round) * round;
  return { splits: Math.ceil(k / share), share };
}

interface Recording {
  readonly program: Program;
  readonly workspace: Workspace;
  readonly shape: ConvShape;
  readonly epilogue: Epilogue;
}

/** A product's tiled kernels with one tile. */
class TiledVariants {
  readonly #tile: Tile;
  readonly #half: boolean;
  readonly #name: string;

  constructor(tile: Tile, half: boolean) {
    this.#tile = tile;
    this.#half = half;
    const { m, n, rows, columns } = tile;
    this.#name = `${half ? "half " : ""}tiled ${m}x${n}/${rows}x${4 * columns}`;
  }

  #kernel(gpu: Gpu, product: Product, source: string, constants: Constants): Kernel {
    const { m, n, rows, columns, slab, buffers } = this.#tile;
    const text = (this.#half ? "enable f16;\n" : "") + source + productSource;
    return makeKernel(gpu, `${product} ${this.#name}`, text, {
      TILE_M: m,
      TILE_N: n,
      ROWS: rows,
      COLUMNS: columns,
      SLAB: slab,
      BUFFERS: buffers,
      THREADS: tileThreads(this.#tile),
      HALF: this.#half,
      ...constants,
    });
  }

  /** Records the product and, where K is split, the sum of its shares. */
  #record(
    { program, workspace, shape, epilogue }: Recording,
    product: Product,
    source: string,
    constants: Constants,
    operands: readonly [Slice, Slice],
    result: Slice,
    { sizes, count, most }: { sizes: MatrixProduct; count: number; most: number },
  ): void {
    const tile = this.#tile;
    const { splits, share } = splitK(tile, sizes, most);
    const direct = splits === 1;
    const shares = direct ? result : workspace.buffer("product shares", splits * count);
    const kernel = this.#kernel(program.gpu, product, source, {
      ...shapeConstants(shape),
      SHARE: share,
      ACTIVATION: direct ? epilogue.activation : "none",
      ...constants,
    });
    const grid = [
      Math.ceil(sizes.n / tile.n),
      Math.ceil(sizes.m / tile.m),
      sizes.layers * splits,
    ] as const;
    const cost = { flops: convFlops(shape), bytes: convBytes(shape) };
    program.dispatch(kernel, [...operands, shares], grid, cost);
    if (!direct) recordSumSplits(program, product, { shares, splits, count }, result, epilogue);
  }

  /** The three variants. */
  get variants(): ProductVariant[] {
    const common = {
      name: this.#name,
      version: 3,
      readsTextures: false,
      half: this.#half,
      supports: (gpu: Gpu) => fits(gpu, this.#tile, this.#half),
    };
    const pixels = ({ batch, height, width }: ConvShape) => batch * height * width;
    return [{
      ...common,
      product: "down",
      record: (program, workspace, shape, { big, small, weight }, epilogue) =>
        this.#record(
          { program, workspace, shape, epilogue },
          "down",
          downSource,
          { A_LAYOUT: "mk", B_LAYOUT: "kn" },
          [big, weight],
          small,
          {
            sizes: { m: pixels(shape), n: shape.small, k: 16 * shape.big, layers: 1 },
            count: pixels(shape) * shape.small,
            most: 8,
          },
        ),
    }, {
      ...common,
      product: "up",
      record: (program, workspace, shape, { big, small, weight }, epilogue) =>
        this.#record(
          { program, workspace, shape, epilogue },
          "up",
          upSource + tanhSource,
          { A_LAYOUT: "mk", B_LAYOUT: "nk" },
          [small, weight],
          big,
          {
            sizes: { m: pixels(shape), n: shape.big, k: 4 * shape.small, layers: 4 },
            count: 4 * pixels(shape) * shape.big,
            most: 8,
          },
        ),
    }, {
      ...common,
      product: "weight gradient",
      record: (program, workspace, shape, { big, small, weight }, epilogue) =>
        this.#record(
          { program, workspace, shape, epilogue },
          "weight gradient",
          weightGradientSource,
          { A_LAYOUT: "km", B_LAYOUT: "kn" },
          [big, small],
          weight,
          {
            sizes: { m: 16 * shape.big, n: shape.small, k: pixels(shape), layers: 1 },
            count: 16 * shape.big * shape.small,
            most: 256,
          },
        ),
    }];
  }
}

/** Tiled variants of every product in several tile shapes, in single and in half precision. */
export const TILED: readonly ProductVariant[] = [false, true].flatMap((half) =>
  TILES.flatMap((tile) => new TiledVariants(tile, half).variants)
);
