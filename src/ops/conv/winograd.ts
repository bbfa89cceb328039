/**
 * The products by minimal filtering in the registers of one subgroup: what a processor posing as a
 * GPU likes (subgroup.ts).
 *
 * @module
 */

import downSource from "../../../shaders/winograd_down.wgsl" with { type: "text" };
import upSource from "../../../shaders/winograd_up.wgsl" with { type: "text" };
import weightGradientSource from "../../../shaders/winograd_weight_gradient.wgsl" with {
  type: "text",
};
import type { Gpu } from "../../gpu/device.ts";
import { makeKernel } from "../../gpu/kernel.ts";
import type { Constants } from "../../gpu/template.ts";
import { combination, type MinimalFilter, minimalFilter } from "./cook_toom.ts";
import {
  bigShape,
  convBytes,
  convFlops,
  type ConvShape,
  type ProductVariant,
  shapeConstants,
  smallShape,
} from "./product.ts";
import { laneProducts, subgroupKernelsFit } from "./subgroup.ts";

/** A tile of the small side, and how many times eight of them a workgroup makes. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly q: number;
}

const TILES: readonly Tile[] = [
  { rows: 1, columns: 1, q: 2 },
  { rows: 1, columns: 2, q: 2 },
  { rows: 2, columns: 2, q: 1 },
  { rows: 1, columns: 4, q: 1 },
];

function supports(gpu: Gpu, shape: ConvShape, { rows, columns }: Tile): boolean {
  return shape.height % rows === 0 && shape.width % columns === 0 &&
    subgroupKernelsFit(gpu, shape);
}

function constants(
  shape: ConvShape,
  tile: Tile,
  row: MinimalFilter,
  column: MinimalFilter,
): Constants {
  return {
    ...shapeConstants(shape),
    Q: tile.q,
    TILES: tileCount(shape, tile),
    TILE_ROWS: shape.height / tile.rows,
    TILE_COLUMNS: shape.width / tile.columns,
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
function outputConstants(shape: ConvShape, tile: Tile): Constants {
  const [row, column] = [minimalFilter(tile.rows, 2), minimalFilter(tile.columns, 2)];
  return {
    ...constants(shape, tile, row, column),
    OUT_ROWS: tile.rows,
    OUT_COLUMNS: tile.columns,
    // One output is the plain sum of its products, which may share an accumulator.
    SUM_ROWS: tile.rows === 1 ? 1 : row.products,
    SUM_COLUMNS: tile.columns === 1 ? 1 : column.products,
    ...(tile.rows === 1 ? { ROW_OUTPUT: [[1]] } : {}),
    ...(tile.columns === 1 ? { COLUMN_OUTPUT: [[1]] } : {}),
  };
}

function tileCount({ batch, height, width }: ConvShape, { rows, columns }: Tile): number {
  return batch * height * width / rows / columns;
}

function variants(tile: Tile): ProductVariant[] {
  const size = `winograd ${tile.rows}x${tile.columns}`;
  const name = tile.q === 1 ? size : `${size} by ${8 * tile.q}`;
  const version = 1;
  const groups = (shape: ConvShape) => Math.ceil(tileCount(shape, tile) / (8 * tile.q));
  return [{
    name,
    version,
    readsTextures: true,
    product: "down",
    supports: (gpu, shape) => supports(gpu, shape, tile),
    record(program, scratch, shape, { big, small, weight }, { activation }) {
      const kernel = makeKernel(program.gpu, `down ${name}`, downSource, {
        ...outputConstants(shape, tile),
        ACTIVATION: activation,
      });
      const operands = [
        scratch.packing.pictures(program, big, bigShape(shape)),
        scratch.packing.weights(program, weight, shape.big, shape.small),
      ];
      program.dispatch(
        kernel,
        [...operands, small],
        [Math.ceil(shape.small / 32), groups(shape), 1],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  }, {
    name,
    version,
    readsTextures: true,
    product: "up",
    supports: (gpu, shape) => supports(gpu, shape, tile),
    record(program, scratch, shape, { big, small, weight }, { activation }) {
      const kernel = makeKernel(program.gpu, `up ${name}`, upSource, {
        ...outputConstants(shape, tile),
        ACTIVATION: activation,
      });
      const operands = [
        scratch.packing.pictures(program, small, smallShape(shape)),
        scratch.packing.weights(program, weight, shape.big, shape.small),
      ];
      program.dispatch(
        kernel,
        [...operands, big],
        [Math.ceil(shape.big / 32), groups(shape), 4],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  }];
}

function weightGradient(tile: Omit<Tile, "q">): ProductVariant {
  const name = `winograd ${tile.rows}x${tile.columns}`;
  const whole = { ...tile, q: 1 };
  return {
    name,
    version: 1,
    readsTextures: true,
    product: "weight gradient",
    supports: (gpu, shape) => supports(gpu, shape, whole) && tileCount(shape, whole) % 4 === 0,
    record(program, scratch, shape, { big, small, weight }, { accumulate }) {
      const [row, column] = [minimalFilter(2, tile.rows), minimalFilter(2, tile.columns)];
      const kernel = makeKernel(
        program.gpu,
        `weight gradient ${name}`,
        weightGradientSource,
        {
          ...constants(shape, whole, row, column),
          TILE_HEIGHT: tile.rows,
          TILE_WIDTH: tile.columns,
          ACCUMULATE: accumulate,
        },
      );
      const operands = [
        scratch.packing.pictures(program, big, bigShape(shape)),
        scratch.packing.pictures(program, small, smallShape(shape)),
      ];
      program.dispatch(
        kernel,
        [...operands, weight],
        [Math.ceil(shape.small / 32), Math.ceil(shape.big / 8), 4],
        { flops: convFlops(shape), bytes: convBytes(shape) },
      );
    },
  };
}

const GRADIENT_TILES: readonly Omit<Tile, "q">[] = [
  { rows: 1, columns: 2 },
  { rows: 2, columns: 2 },
  { rows: 1, columns: 4 },
];

/** Variants of every product in several tile shapes; 1x1 is the direct convolution. */
export const WINOGRAD: readonly ProductVariant[] = [
  ...TILES.flatMap(variants),
  ...GRADIENT_TILES.map(weightGradient),
];
