/**
 * Where the time goes: each dispatch of a program timed by the GPU's own clock.
 *
 * @module
 */

import type { Gpu } from "./device.ts";
import type { Dispatch, Program } from "./program.ts";

/** A dispatch and the time it took. */
export interface DispatchTime {
  /** The dispatch. */
  readonly dispatch: Dispatch;
  /** Milliseconds on the GPU. */
  readonly ms: number;
}

/** Whether the adapter can time dispatches. */
export function canTime(gpu: Gpu): boolean {
  return gpu.has("timestamp-query");
}

/** Queries in a set; WebGPU allows 4096. */
const QUERY_SET = 4096;

/**
 * Runs programs with every dispatch in a pass of its own between two timestamps. Slower than a
 * plain run by the passes, but each figure is the kernel's alone.
 *
 * @throws {Error} If the adapter has no timestamps: ask {@linkcode canTime}.
 */
export async function timeDispatches(
  gpu: Gpu,
  ...programs: readonly Program[]
): Promise<DispatchTime[]> {
  const all = programs.flatMap((program) => program.dispatches);
  const times: DispatchTime[] = [];
  for (let first = 0; first < all.length; first += QUERY_SET / 2) {
    times.push(...await timeSome(gpu, all.slice(first, first + QUERY_SET / 2)));
  }
  return times;
}

async function timeSome(gpu: Gpu, dispatches: readonly Dispatch[]): Promise<DispatchTime[]> {
  const { device } = gpu;
  const count = 2 * dispatches.length + 2;
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  const resolved = device.createBuffer({ size: 8 * count, usage });
  const staging = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  const timedPass = (i: number): GPUComputePassEncoder =>
    encoder.beginComputePass({
      timestampWrites: {
        querySet,
        beginningOfPassWriteIndex: 2 * i,
        endOfPassWriteIndex: 2 * i + 1,
      },
    });
  timedPass(0).end(); // its last stamp is where the first dispatch starts
  dispatches.forEach(({ pipeline, bindGroup, workgroups }, i) => {
    const pass = timedPass(i + 1);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...workgroups);
    pass.end();
  });
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  gpu.check();
  const stamps = new BigUint64Array(staging.getMappedRange().slice(0));
  for (const thing of [querySet, resolved, staging]) thing.destroy();
  // Mesa's software adapter may take a pass's first stamp only once the pass is done; its last stamps
  // are right, and passes follow each other without a gap.
  const start = (i: number) => stamps[gpu.software ? 2 * i - 1 : 2 * i];
  return dispatches.map((dispatch, i) => ({
    dispatch,
    ms: Number(stamps[2 * i + 3] - start(i + 1)) / 1e6,
  }));
}
