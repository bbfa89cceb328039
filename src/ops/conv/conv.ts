/**
 * One convolution layer: records its products by the variants chosen for its shape.
 *
 * @module
 */

import type { Slice } from "../../gpu/buffers.ts";
import type { Program } from "../../gpu/program.ts";
import type { Activation } from "../activation.ts";
import { chooseVariant } from "./choice.ts";
import type { ConvShape, ConvTensors, Epilogue, Product } from "./product.ts";
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
