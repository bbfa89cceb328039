/**
 * One convolution layer: records its products by the variants chosen for its shape.
 *
 * @module
 */

import type { Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { Program } from "../../gpu/program.ts";
import type { Activation } from "../activation.ts";
import { selectVariant } from "./selection.ts";
import type { FeatureMapShape, FeatureMapTarget } from "../feature_maps.ts";
import {
  bigShape,
  type ConvShape,
  type ConvTensors,
  type Epilogue,
  type Product,
  PRODUCTS,
  smallShape,
} from "./product.ts";
import { isCopied } from "./packing.ts";
import type { Workspace } from "./workspace.ts";

/** A 4x4 convolution with stride 2 and padding 1 of given sizes; see product.ts. */
export class Conv {
  /** The sizes. */
  readonly shape: ConvShape;
  readonly #workspace: Workspace;

  /** Prepares a layer; `workspace` is shared by all layers of a program. */
  constructor(workspace: Workspace, shape: ConvShape) {
    this.#workspace = workspace;
    this.shape = shape;
  }

  #record(program: Program, product: Product, tensors: ConvTensors, epilogue: Epilogue): void {
    selectVariant(program.gpu, product, this.shape)
      .record(program, this.#workspace, this.shape, tensors, epilogue);
  }

  /** Where to leave pictures for the big side, if only this layer's products read them. */
  bigTarget(gpu: Gpu, big: Slice): FeatureMapTarget {
    return this.#target(gpu, big, bigShape(this.shape));
  }

  /** Where to leave pictures for the small side, if only this layer's products read them. */
  smallTarget(gpu: Gpu, small: Slice): FeatureMapTarget {
    return this.#target(gpu, small, smallShape(this.shape));
  }

  #target(gpu: Gpu, slice: Slice, shape: FeatureMapShape): FeatureMapTarget {
    if (isCopied(shape)) return slice;
    const textures = PRODUCTS.every((product) =>
      selectVariant(gpu, product, this.shape).readsTextures
    );
    return textures ? this.#workspace.packing.padded(slice, shape) : slice;
  }

  /** Records `small` = activation(convolution of `big`). */
  recordDown(
    program: Program,
    big: Slice,
    weight: Slice,
    small: Slice,
    activation: Activation = "none",
  ): void {
    this.#record(program, "down", { big, small, weight }, { activation });
  }

  /** Records `big` = activation(transposed convolution of `small`). */
  recordUp(
    program: Program,
    small: Slice,
    weight: Slice,
    big: Slice,
    activation: Activation = "none",
  ): void {
    this.#record(program, "up", { big, small, weight }, { activation });
  }

  /** Records `gradient` = the weights' gradient [tap][big][small] from both sides. */
  recordWeightGradient(
    program: Program,
    big: Slice,
    small: Slice,
    gradient: Slice,
  ): void {
    const tensors = { big, small, weight: gradient };
    this.#record(program, "weight gradient", tensors, { activation: "none" });
  }
}
