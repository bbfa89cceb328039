/**
 * Pictures [B, H, W, C] and the two forms in which they lie on the GPU: a buffer, or a texture with a
 * border of zeros, which some convolution kernels read faster (conv/packing.ts).
 *
 * @module
 */

import storeSource from "../../shaders/store_feature_maps.wgsl" with { type: "text" };
import type { Slice } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { type Kernel, makeKernel } from "../gpu/kernel.ts";
import type { Binding } from "../gpu/program.ts";
import type { Constants } from "../gpu/template.ts";

/** Pictures' sizes. */
export interface FeatureMapShape {
  /** Pictures. */
  readonly batch: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Channels, a multiple of 4. */
  readonly channels: number;
}

/**
 * From so many channels on, in fours, neighbouring pixels lie a gap apart: pixels a power of two apart
 * would fight for the cache.
 */
const GAP_FROM = 32;

/** The gap, in texels. */
const GAP = 4;

/** Texels from a pixel to its neighbour in a padded texture of so many channels. */
export function texelPitch(channels: number): number {
  const c4 = channels / 4;
  return c4 + (c4 >= GAP_FROM ? GAP : 0);
}

/** A texture with a border of zeros: texel ((x+1) * pitch + c/4, y+1) of layer b. */
export interface PaddedFeatureMaps {
  /** The texture as an array of layers. */
  readonly view: GPUTextureView;
  /** The pictures' sizes, the border not counted. */
  readonly shape: FeatureMapShape;
}

/** Where an elementwise kernel leaves the pictures it makes. */
export type FeatureMapTarget = Slice | PaddedFeatureMaps;

/** What a kernel is bound to that stores to a target. */
export function targetBinding(target: FeatureMapTarget): Binding {
  return "view" in target ? target.view : target;
}

/**
 * A kernel that calls `store` (store_feature_maps.wgsl) for each four channels of the pictures it makes;
 * `binding` is the number under which it is bound to its target.
 */
export function makeFeatureMapKernel(
  gpu: Gpu,
  label: string,
  source: string,
  constants: Constants,
  target: FeatureMapTarget,
  binding: number,
): Kernel {
  return makeKernel(gpu, label, storeSource + source, {
    ...constants,
    PADDED: "view" in target,
    GAP,
    GAP_FROM,
    TARGET: binding,
  });
}
