/**
 * Operands as textures. On a software adapter a load from a storage texture costs a
 * fraction of one from a buffer, so the subgroup kernels read pictures and weights from textures
 * packed for them: pictures with a border of zeros, weights in panels. A texture is packed again
 * only if its buffer was written since.
 *
 * @module
 */

import picturesSource from "../../../shaders/pack_feature_maps.wgsl" with { type: "text" };
import weightsSource from "../../../shaders/pack_weights.wgsl" with { type: "text" };
import type { Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";
import { makeKernel } from "../../gpu/kernel.ts";
import { linearGrid, type Program } from "../../gpu/program.ts";
import { type FeatureMapShape, type PaddedFeatureMaps, texelPitch } from "../feature_maps.ts";
import { lanesOf, requireLanes } from "./lanes.ts";

/**
 * Whether pictures get from their buffer into their texture by a copy, which costs a fourth of a kernel
 * that stores them there: where rows lie alike in both, and are as long as WebGPU copies.
 */
export function isCopied({ width, channels }: FeatureMapShape): boolean {
  return 4 * texelPitch(channels) === channels && 4 * width * channels % 256 === 0;
}

/** Whether the adapter's textures are large enough for pictures of this shape. */
export function featureMapsFit(
  gpu: Gpu,
  { batch, height, width, channels }: FeatureMapShape,
): boolean {
  const { maxTextureDimension2D, maxTextureArrayLayers } = gpu.summary.limits;
  return batch <= maxTextureArrayLayers && height + 2 <= maxTextureDimension2D &&
    (width + 2) * texelPitch(channels) <= maxTextureDimension2D;
}

/** Whether the adapter's textures are large enough for a convolution's weights. */
export function weightsFit(gpu: Gpu, big: number, small: number): boolean {
  const { maxTextureDimension2D, maxTextureArrayLayers } = gpu.summary.limits;
  const lanes = lanesOf(gpu);
  return lanes !== undefined && 16 * big <= maxTextureDimension2D &&
    panelCount(small, lanes) <= maxTextureArrayLayers;
}

/** Panels of weights for so many channels, each as many texels wide as the subgroup has lanes. */
function panelCount(small: number, lanes: number): number {
  return Math.ceil(small / 4 / lanes);
}

interface Packed {
  readonly texture: GPUTexture;
  /** All its layers. */
  readonly view: GPUTextureView;
}

/** The packed forms of buffers, made when first asked for. */
export class Packing {
  readonly #gpu: Gpu;
  readonly #forms = new Map<GPUBuffer, Map<string, Packed>>();

  /** Starts empty. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** The texture that belongs to pictures, as it is: for a kernel that writes it. */
  padded(pictures: Slice, shape: FeatureMapShape): PaddedFeatureMaps {
    return { view: this.#padded(pictures, shape).view, shape };
  }

  #padded(pictures: Slice, { batch, height, width, channels }: FeatureMapShape): Packed {
    return this.#packed(pictures, (width + 2) * texelPitch(channels), height + 2, batch);
  }

  /** Pictures in a texture with a border of zeros, packed if they were written to their buffer. */
  pictures(program: Program, pictures: Slice, shape: FeatureMapShape): GPUTextureView {
    const { view, texture } = this.#padded(pictures, shape);
    if (isCurrent(program, view, pictures)) return view;
    const { batch, height, width, channels } = shape;
    const bytes = 8 * batch * height * width * channels;
    if (isCopied(shape)) {
      const { buffer, offset } = pictures;
      const columns = width * channels / 4;
      program.copy(
        "copy pictures",
        [{
          from: { buffer, offset, bytesPerRow: 16 * columns, rowsPerImage: height },
          to: { texture, origin: [channels / 4, 1, 0] },
          size: [columns, height, batch],
        }],
        view,
        { bytes },
      );
      return view;
    }
    const kernel = makeKernel(program.gpu, "pack pictures", picturesSource, {
      HEIGHT: height,
      WIDTH: width,
      C4: channels / 4,
      PITCH: texelPitch(channels),
    });
    const groups = Math.ceil(width * channels / 4 / 64);
    program.dispatch(kernel, [pictures, view], [groups, height, batch], { bytes });
    return view;
  }

  /** Weights [tap][big][small] in panels: texel (s/4 % lanes, tap*big + b) of layer s/4/lanes. */
  weights(program: Program, weight: Slice, big: number, small: number): GPUTextureView {
    const rows = 16 * big;
    const lanes = requireLanes(this.#gpu);
    const panels = panelCount(small, lanes);
    // Two layers at least: for a texture of one layer llvmpipe would compile the kernel anew.
    const { view, texture } = this.#packed(weight, lanes, rows, Math.max(panels, 2));
    if (isCurrent(program, view, weight)) return view;
    const bytesPerRow = 4 * small;
    if (bytesPerRow % 256 === 0) {
      // What WebGPU can copy is copied in a sixth of a kernel's time.
      program.copy(
        "copy weights",
        Array.from({ length: panels }, (_, panel) => ({
          from: { buffer: weight.buffer, offset: weight.offset + 16 * lanes * panel, bytesPerRow },
          to: { texture, origin: [0, 0, panel] },
          size: [Math.min(lanes, small / 4 - lanes * panel), rows, 1],
        })),
        view,
        { bytes: 8 * rows * small },
      );
      return view;
    }
    const kernel = makeKernel(program.gpu, "pack weights", weightsSource, {
      ROWS: rows,
      SMALL: small,
      LANES: lanes,
    });
    program.dispatch(kernel, [weight, view], linearGrid(rows * small / 4, 64), {
      bytes: 8 * rows * small,
    });
    return view;
  }

  #packed(slice: Slice, width: number, height: number, layers: number): Packed {
    let forms = this.#forms.get(slice.buffer);
    if (!forms) this.#forms.set(slice.buffer, forms = new Map());
    const key = `${slice.offset}: ${width}x${height}x${layers}`;
    let packed = forms.get(key);
    if (!packed) {
      const texture = this.#gpu.device.createTexture({
        label: `packed ${slice.buffer.label}`,
        size: [width, height, layers],
        format: "rgba32float",
        usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.COPY_DST,
      });
      packed = { texture, view: texture.createView({ dimension: "2d-array" }) };
      forms.set(key, packed);
    }
    return packed;
  }

  /** Frees the textures. */
  destroy(): void {
    for (const forms of this.#forms.values()) {
      for (const { texture } of forms.values()) texture.destroy();
    }
  }
}

/** Whether a texture was written after its buffer, in this program: earlier ones may not run again. */
function isCurrent(program: Program, view: GPUTextureView, slice: Slice): boolean {
  return program.lastWrite(view) > program.lastWrite(slice);
}
