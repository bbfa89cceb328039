/**
 * One convolution layer: records its products by the variants chosen for its shape.
 *
 * @module
 */

import type { Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { Program } from "../../gpu/program.ts";
import type { Activation } from "../activation.ts";
import { chooseVariant } from "./choice.ts";
import type { PictureShape, PictureTarget } from "../pictures.ts";
import {
  bigShape,
  type ConvShape,
  type ConvTensors,
  type Epilogue,
  type Product,
  PRODUCTS,
  smallShape,
} from "./product.ts";
import type { Scratch } from "./scratch.ts";

/** A 4x4 convolution with stride 2 and padding 1 of given sizes; see product.ts. */
export class Conv {
  /** The sizes. */
  readonly shape: ConvShape;
  readonly #scratch: Scratch;

  /** Prepares a layer; `scratch` is shared by all layers of a program. */
  constructor(scratch: Scratch, shape: ConvShape) {
    this.#scratch = scratch;
    this.shape = shape;
  }

  #record(program: Program, product: Product, tensors: ConvTensors, epilogue: Epilogue): void {
    chooseVariant(program.gpu, product, this.shape)
      .record(program, this.#scratch, this.shape, tensors, epilogue);
  }

  /** Where to leave pictures for the big side, if only this layer's products read them. */
  bigTarget(gpu: Gpu, big: Slice): PictureTarget {
    return this.#target(gpu, big, bigShape(this.shape));
  }

  /** Where to leave pictures for the small side, if only this layer's products read them. */
  smallTarget(gpu: Gpu, small: Slice): PictureTarget {
    return this.#target(gpu, small, smallShape(this.shape));
  }

  #target(gpu: Gpu, slice: Slice, shape: PictureShape): PictureTarget {
    const textures = PRODUCTS.every((product) =>
      chooseVariant(gpu, product, this.shape).readsTextures
    );
    return textures ? this.#scratch.packing.bordered(slice, shape) : slice;
  }

  /** Records `small` = activation(convolution of `big`). */
  recordDown(
    program: Program,
    big: Slice,
    weight: Slice,
    small: Slice,
    activation: Activation = "none",
  ): void {
    this.#record(program, "down", { big, small, weight }, { activation, accumulate: false });
  }

  /** Records `big` = activation(transposed convolution of `small`). */
  recordUp(
    program: Program,
    small: Slice,
    weight: Slice,
    big: Slice,
    activation: Activation = "none",
  ): void {
    this.#record(program, "up", { big, small, weight }, { activation, accumulate: false });
  }

  /** Records `gradient` (+)= the weights' gradient [tap][big][small] from both sides. */
  recordWeightGradient(
    program: Program,
    big: Slice,
    small: Slice,
    gradient: Slice,
    accumulate: boolean,
  ): void {
    const tensors = { big, small, weight: gradient };
    this.#record(program, "weight gradient", tensors, { activation: "none", accumulate });
  }
}
