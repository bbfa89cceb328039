/**
 * A small kernel whose right answer is known.
 *
 * @module
 */

import { mapForReading } from "../../gpu/buffers.ts";
import type { Gpu } from "../../gpu/device.ts";

/** What came of it. */
export interface KernelTrial {
  /** Whether every number was right. */
  readonly right: boolean;
  /** The first wrong element; -1 where all were right. */
  readonly firstWrong: number;
  /** How many numbers were computed. */
  readonly elements: number;
  /** Milliseconds from the source text to the numbers on the host. */
  readonly milliseconds: number;
}

// Integer-valued floats: every adapter must agree to the last bit. Neighbours meet in workgroup
// memory, so a driver whose barriers do not work is found out too.
const SOURCE = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> sum: array<f32>;
var<workgroup> tile: array<f32, 64>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  tile[lane] = 3.0 * a[id.x] + 1.0;
  workgroupBarrier();
  sum[id.x] = tile[lane] + tile[lane ^ 1u];
}`;

/**
 * Runs the kernel and compares every number.
 *
 * @throws {UserError} If the device ran out of memory or was lost.
 */
export async function tryKernel(gpu: Gpu): Promise<KernelTrial> {
  const { device } = gpu;
  const elements = 4096;
  const start = performance.now();
  const input = Float32Array.from({ length: elements }, (_, i) => (i * 37) % 1013);
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const size = input.byteLength;
  const a = device.createBuffer({ size, usage: STORAGE | COPY_DST });
  const sum = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
  const result = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(a, 0, input);
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: SOURCE }) },
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [a, sum].map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  );
  pass.dispatchWorkgroups(elements / 64);
  pass.end();
  encoder.copyBufferToBuffer(sum, 0, result, 0, size);
  device.queue.submit([encoder.finish()]);
  await mapForReading(gpu, result);
  const found = new Float32Array(result.getMappedRange().slice(0));
  const milliseconds = performance.now() - start;
  for (const buffer of [a, sum, result]) buffer.destroy();
  const firstWrong = found.findIndex((value, i) =>
    value !== 3 * input[i] + 1 + (3 * input[i ^ 1] + 1)
  );
  return { right: firstWrong < 0, firstWrong, elements, milliseconds };
}
