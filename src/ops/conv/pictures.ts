/**
 * The product up to pictures of four channels for GPUs, whose matrix tiles would be mostly air there.
 *
 * @module
 */

import source from "../../../shaders/pictures_up.wgsl" with { type: "text" };
import tanhSource from "../../../shaders/tanh.wgsl" with { type: "text" };
import { makeKernel } from "../../gpu/kernel.ts";
import { convBytes, convFlops, type ProductVariant, shapeConstants } from "./product.ts";

/** Pixels of the small side along a workgroup's sides. */
const SIDE = 8;

/** The one variant. */
export const PICTURES: readonly ProductVariant[] = [{
  name: "pictures 8x8",
  product: "up",
  version: 1,
  readsTextures: false,
  supports: (_gpu, shape) => shape.big === 4,
  record(program, _workspace, shape, { big, small, weight }, { activation }) {
    const kernel = makeKernel(program.gpu, "up pictures 8x8", source + tanhSource, {
      ...shapeConstants(shape),
      CHUNK: [16, 8, 4].find((chunk) => shape.small % chunk === 0) ?? 4,
      ACTIVATION: activation,
    });
    program.dispatch(
      kernel,
      [small, weight, big],
      [Math.ceil(shape.width / SIDE), Math.ceil(shape.height / SIDE), shape.batch],
      { flops: convFlops(shape), bytes: convBytes(shape) },
    );
  },
}];
