/**
 * The products by minimal filtering in the registers of one subgroup: what a software
 * adapter likes (subgroup.ts).
 *
 * @module
 */

import sizesSource from "../../../shaders/winograd_sizes.wgsl" with { type: "text" };
import downSource from "../../../shaders/winograd_down.wgsl" with { type: "text" };
import tanhSource from "../../../shaders/tanh.wgsl" with { type: "text" };
import upSource from "../../../shaders/winograd_up.wgsl" with { type: "text" };
import weightGradientSource from "../../../shaders/winograd_weight_gradient.wgsl" with {
  type: "text",
};
import type { Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import { type Kernel, makeKernel } from "../../gpu/kernel.ts";
import { FOLD } from "../../gpu/program.ts";
import type { Constants } from "../../gpu/template.ts";
import { type Activation, LEAKY_SLOPE } from "../activation.ts";
import { texelPitch } from "../feature_maps.ts";
import { combination, type MinimalFilter, minimalFilter } from "./cook_toom.ts";
import {
  bigShape,
  convBytes,
  convFlops,
  type ConvShape,
  type Product,
  type ProductVariant,
  smallShape,
} from "./product.ts";
import type { Workspace } from "./workspace.ts";
import { requireLanes } from "./lanes.ts";
import { laneProducts, subgroupKernelsFit } from "./subgroup.ts";

/** A tile of the small side. */
interface TileSize {
  readonly rows: number;
  readonly columns: number;
}

/** A tile, and how many times eight of them a workgroup makes. */
interface Tile extends TileSize {
  readonly q: number;
}

const TILES: readonly Tile[] = [
  { rows: 1, columns: 1, q: 2 },
  { rows: 1, columns: 2, q: 2 },
  { rows: 2, columns: 2, q: 1 },
  { rows: 1, columns: 4, q: 1 },
];

/** Whether a tile divides the pictures and leaves a power of two of tiles, which kernels count on. */
function supports(gpu: Gpu, shape: ConvShape, { rows, columns }: TileSize): boolean {
  const counts = [shape.height / rows, shape.width / columns];
  return counts.every((count) => count >= 1 && Number.isInteger(Math.log2(count))) &&
    subgroupKernelsFit(gpu, shape);
}

function tileCount({ batch, height, width }: ConvShape, { rows, columns }: TileSize): number {
  return batch * height * width / rows / columns;
}

/** Workgroups for so many channels, four a lane. */
function groupsAcross(gpu: Gpu, channels: number): number {
  return Math.ceil(channels / 4 / requireLanes(gpu));
}

/** Rows and layers of a grid of so many groups in each of `phases` layers; see {@linkcode FOLD}. */
function folded(groups: number, phases: number): [number, number] {
  const layers = Math.ceil(groups / FOLD);
  return [Math.ceil(groups / layers), phases * layers];
}

/** The buffer of winograd_sizes.wgsl. */
function sizes(
  workspace: Workspace,
  shape: ConvShape,
  tile: TileSize,
  activation: Activation = "none",
): Slice {
  const { big, small, height, width } = shape;
  const words = new Uint32Array(10);
  words.set([big / 4, small / 4, height, width]);
  words[4] = Math.log2(width / tile.columns);
  words[5] = words[4] + Math.log2(height / tile.rows);
  words[6] = tileCount(shape, tile);
  words.set([texelPitch(big), texelPitch(small)], 8);
  new Float32Array(words.buffer)[7] = activation === "leaky_relu" ? LEAKY_SLOPE : 1;
  return workspace.words(words);
}

function filterConstants(row: MinimalFilter, column: MinimalFilter): Constants {
  return {
    ROW_PRODUCTS: row.products,
    COLUMN_PRODUCTS: column.products,
    ROW_TAPS: row.taps,
    COLUMN_TAPS: column.taps,
    ROW_INPUT: row.input,
    COLUMN_INPUT: column.input,
    ROW_OUTPUT: row.output,
    COLUMN_OUTPUT: column.output,
    sum: combination,
    products: laneProducts,
  };
}

/** Constants of down and up: tiles of outputs of 2x2 taps. */
function outputConstants({ rows, columns, q }: Tile, activation: Activation): Constants {
  const [row, column] = [minimalFilter(rows, 2), minimalFilter(columns, 2)];
  return {
    ...filterConstants(row, column),
    Q: q,
    OUT_ROWS: rows,
    OUT_COLUMNS: columns,
    // One output is the plain sum of its products, which may share an accumulator.
    SUM_ROWS: rows === 1 ? 1 : row.products,
    SUM_COLUMNS: columns === 1 ? 1 : column.products,
    ...(rows === 1 ? { ROW_OUTPUT: [[1]] } : {}),
    ...(columns === 1 ? { COLUMN_OUTPUT: [[1]] } : {}),
    TANH: activation === "tanh",
  };
}

function variants(tile: Tile): ProductVariant[] {
  const size = `winograd ${tile.rows}x${tile.columns}`;
  const common = {
    name: tile.q === 1 ? size : `${size} by ${8 * tile.q}`,
    version: 4,
    readsTextures: true,
    supports: (gpu: Gpu, shape: ConvShape) => supports(gpu, shape, tile),
  };
  const make = (gpu: Gpu, product: Product, source: string, activation: Activation): Kernel =>
    makeKernel(
      gpu,
      `${product} ${common.name}`,
      sizesSource + source,
      { ...outputConstants(tile, activation), LANES: requireLanes(gpu) },
    );
  const groups = (shape: ConvShape) => Math.ceil(tileCount(shape, tile) / (8 * tile.q));
  return [{
    ...common,
    product: "down",
    record(program, workspace, shape, { big, small, weight }, { activation }) {
      const kernel = make(program.gpu, "down", downSource, activation);
      const operands = [
        workspace.packing.pictures(program, big, bigShape(shape)),
        workspace.packing.weights(program, weight, shape.big, shape.small),
      ];
      program.dispatch(
        kernel,
        [...operands, small, sizes(workspace, shape, tile, activation)],
        [groupsAcross(program.gpu, shape.small), ...folded(groups(shape), 1)],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  }, {
    ...common,
    product: "up",
    record(program, workspace, shape, { big, small, weight }, { activation }) {
      const kernel = make(program.gpu, "up", upSource + tanhSource, activation);
      const operands = [
        workspace.packing.pictures(program, small, smallShape(shape)),
        workspace.packing.weights(program, weight, shape.big, shape.small),
      ];
      program.dispatch(
        kernel,
        [...operands, big, sizes(workspace, shape, tile, activation)],
        [groupsAcross(program.gpu, shape.big), ...folded(groups(shape), 4)],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  }];
}

function weightGradient(tile: TileSize): ProductVariant {
  const name = `winograd ${tile.rows}x${tile.columns}`;
  return {
    name,
    version: 4,
    readsTextures: true,
    product: "weight gradient",
    supports: (gpu, shape) => supports(gpu, shape, tile) && tileCount(shape, tile) % 4 === 0,
    record(program, workspace, shape, { big, small, weight }) {
      const source = sizesSource + weightGradientSource;
      const kernel = makeKernel(program.gpu, `weight gradient ${name}`, source, {
        ...filterConstants(minimalFilter(2, tile.rows), minimalFilter(2, tile.columns)),
        LANES: requireLanes(program.gpu),
        TILE_HEIGHT: tile.rows,
        TILE_WIDTH: tile.columns,
      });
      const operands = [
        workspace.packing.pictures(program, big, bigShape(shape)),
        workspace.packing.pictures(program, small, smallShape(shape)),
      ];
      program.dispatch(
        kernel,
        [...operands, weight, sizes(workspace, shape, tile)],
        [groupsAcross(program.gpu, shape.small), Math.ceil(shape.big / 8), 4],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  };
}

const GRADIENT_TILES: readonly TileSize[] = [
  { rows: 1, columns: 2 },
  { rows: 2, columns: 2 },
  { rows: 1, columns: 4 },
];

/** Variants of every product in several tile shapes; 1x1 is the direct convolution. */
export const WINOGRAD: readonly ProductVariant[] = [
  ...TILES.flatMap(variants),
  ...GRADIENT_TILES.map(weightGradient),
];
