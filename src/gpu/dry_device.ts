/**
 * A device that makes nothing and counts what it is asked to make: what work needs is known before any
 * of it is allocated or compiled.
 *
 * @module
 */

import { Gpu } from "./device.ts";

/** What was asked for. */
export interface Asked {
  /** Bytes of all buffers and textures. */
  bytes: number;
}

/** A GPU of the same kind and limits that only counts. */
export function dryGpu(
  { summary }: Pick<Gpu, "summary">,
): { readonly gpu: Gpu; readonly asked: Asked } {
  const asked: Asked = { bytes: 0 };
  const nothing = {};
  const counted = <T extends object>(thing: T, bytes: number): T & { destroy(): void } => {
    asked.bytes += bytes;
    return { ...thing, destroy: () => {} };
  };
  const device = {
    addEventListener: () => {},
    lost: new Promise(() => {}),
    queue: { writeBuffer: () => {}, submit: () => {} },
    createBuffer: ({ label, size }: GPUBufferDescriptor) => counted({ label, size }, size),
    createTexture({ size, format }: GPUTextureDescriptor) {
      const [width, height = 1, layers = 1] = size as number[];
      const bytes = width * height * layers * bytesOfTexel(format);
      return counted({ width, height, depthOrArrayLayers: layers, createView: () => ({}) }, bytes);
    },
    createBindGroup: () => nothing,
    createShaderModule: () => nothing,
    createComputePipeline: () => ({ getBindGroupLayout: () => nothing }),
  };
  return { gpu: new Gpu(device as unknown as GPUDevice, summary), asked };
}

function bytesOfTexel(format: GPUTextureFormat): number {
  const channels = /^[rgba]+/.exec(format)?.[0].length ?? 4;
  return channels * Number(/\d+/.exec(format)?.[0] ?? 32) / 8;
}
