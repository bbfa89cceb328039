/**
 * The three products of the 4x4 convolution with stride 2 and padding 1, between a big side
 * [B, 2H, 2W, big] and a small side [B, H, W, small], weights [tap][big][small], tap = 4 * row +
 * column; and what an implementation of one looks like.
 *
 * @module
 */

import type { Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import type { Program } from "../../gpu/program.ts";
import type { Constants } from "../../gpu/template.ts";
import type { Activation } from "../activation.ts";
import type { FeatureMapShape } from "../feature_maps.ts";
import type { Workspace } from "./workspace.ts";

/**
 * - `down`, big to small: the discriminator's forward, the generator's input gradient;
 * - `up`, small to big, down's transpose: the generator's forward, the discriminator's input
 *   gradient;
 * - `weight gradient`, from both sides.
 */
export type Product = "down" | "up" | "weight gradient";

/** All products. */
export const PRODUCTS: readonly Product[] = ["down", "up", "weight gradient"];

/** A convolution's sizes; channels are multiples of 4. */
export interface ConvShape {
  /** Pictures. */
  readonly batch: number;
  /** Rows of the small side; the big side has twice as many. */
  readonly height: number;
  /** Columns of the small side; the big side has twice as many. */
  readonly width: number;
  /** Channels of the big side. */
  readonly big: number;
  /** Channels of the small side. */
  readonly small: number;
  /** Round both operands of a product to half precision; sums stay in f32. Default false. */
  readonly half?: boolean;
}

/** The three tensors a product is about; which of them it writes depends on the product. */
export interface ConvTensors {
  /** [B, 2H, 2W, big]. */
  readonly big: Slice;
  /** [B, H, W, small]. */
  readonly small: Slice;
  /** The weights or, for the weight gradient, their gradient: [tap][big][small]. */
  readonly weight: Slice;
}

/** What happens to a product on its way out. */
export interface Epilogue {
  /** Applied to the result of down or up. */
  readonly activation: Activation;
}

/** One way to compute one product. Which way is fastest depends on adapter and shape. */
export interface ProductVariant {
  /** Its name among the product's variants. */
  readonly name: string;
  /** What it computes. */
  readonly product: Product;
  /** Changed whenever the kernels change: measured times of older versions are void. */
  readonly version: number;
  /** Whether it reads both sides from padded textures rather than from their buffers. */
  readonly readsTextures: boolean;
  /** Whether it works on operands in half precision; default false. */
  readonly half?: boolean;
  /** Whether it can do this shape on this adapter. */
  supports(gpu: Gpu, shape: ConvShape): boolean;
  /** Appends its dispatches. */
  record(
    program: Program,
    workspace: Workspace,
    shape: ConvShape,
    tensors: ConvTensors,
    epilogue: Epilogue,
  ): void;
}

/** Floating-point operations of any of the three products, counted as direct convolution. */
export function convFlops({ batch, height, width, big, small }: ConvShape): number {
  return 2 * batch * height * width * 16 * big * small;
}

/** Bytes any of the three products must move once: both sides and the weights. */
export function convBytes({ batch, height, width, big, small }: ConvShape): number {
  return 4 * (batch * height * width * (4 * big + small) + 16 * big * small);
}

/** The shape as constants of a shader. */
export function shapeConstants({ batch, height, width, big, small }: ConvShape): Constants {
  return { BATCH: batch, HEIGHT: height, WIDTH: width, BIG: big, SMALL: small };
}

/** The big side's pictures. */
export function bigShape({ batch, height, width, big }: ConvShape): FeatureMapShape {
  return { batch, height: 2 * height, width: 2 * width, channels: big };
}

/** The small side's pictures. */
export function smallShape({ batch, height, width, small }: ConvShape): FeatureMapShape {
  return { batch, height, width, channels: small };
}
