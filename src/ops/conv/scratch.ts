/**
 * Memory that a product needs only while it runs. Dispatches run one after another, so all
 * products of a program may share it.
 *
 * @module
 */

import { makeBuffer, type Slice } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";

/** Lends buffers and textures by name and size; the same name and size, the same memory. */
export class Scratch {
  readonly #gpu: Gpu;
  readonly #buffers = new Map<string, Slice>();
  readonly #textures = new Map<string, GPUTexture>();

  /** Starts empty. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** A buffer of at least `floats` numbers, content undefined. */
  buffer(name: string, floats: number): Slice {
    // Rounded up to a power of two, so that layers of like size share.
    const size = 2 ** Math.ceil(Math.log2(floats));
    const key = `${name} ${size}`;
    let slice = this.#buffers.get(key);
    if (!slice) this.#buffers.set(key, slice = makeBuffer(this.#gpu, key, size));
    return { ...slice, size: 4 * floats };
  }

  /** A texture of four floats a texel, content undefined. */
  texture(name: string, width: number, height: number): GPUTexture {
    const key = `${name} ${width}x${height}`;
    let texture = this.#textures.get(key);
    if (!texture) {
      texture = this.#gpu.device.createTexture({
        label: key,
        size: [width, height],
        format: "rgba32float",
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.STORAGE_BINDING |
          GPUTextureUsage.COPY_DST,
      });
      this.#textures.set(key, texture);
    }
    return texture;
  }

  /** Frees everything lent. */
  destroy(): void {
    for (const { buffer } of this.#buffers.values()) buffer.destroy();
    for (const texture of this.#textures.values()) texture.destroy();
  }
}
