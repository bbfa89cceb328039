/**
 * Where the time goes: each dispatch of a program, and each group of copies, timed by the GPU's own
 * clock.
 *
 * @module
 */

import { mapForReading } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import {
  type Copies,
  type Dispatch,
  encodeCopies,
  encodeDispatch,
  type Program,
} from "./program.ts";

/** A dispatch or a group of copies, and the time it took. */
export interface EntryTime {
  /** What it is. */
  readonly entry: Dispatch | Copies;
  /** Milliseconds on the GPU. */
  readonly ms: number;
}

/** Whether the adapter can time entries. */
export function canTime(gpu: Gpu): boolean {
  return gpu.has("timestamp-query");
}

/** Queries in a set; WebGPU allows 4096. */
const QUERY_SET = 4096;

/**
 * Runs programs with every dispatch in a pass of its own between two timestamps, and an empty pass
 * after copies, whose stamp ends them. Slower than a plain run by the passes, but each figure is the
 * kernel's or the copies' alone.
 *
 * @throws {Error} If the adapter has no timestamps: ask {@linkcode canTime}.
 * @throws {UserError} If the device was lost.
 */
export async function timeEntries(
  gpu: Gpu,
  ...programs: readonly Program[]
): Promise<EntryTime[]> {
  const all = programs.flatMap((program) => program.entries);
  const times: EntryTime[] = [];
  for (let first = 0; first < all.length; first += QUERY_SET / 2 - 1) {
    times.push(...await timeSome(gpu, all.slice(first, first + QUERY_SET / 2 - 1)));
  }
  return times;
}

async function timeSome(
  gpu: Gpu,
  entries: readonly (Dispatch | Copies)[],
): Promise<EntryTime[]> {
  const { device } = gpu;
  const count = 2 * entries.length + 2;
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
  timedPass(0).end(); // its last stamp is where the first entry starts
  entries.forEach((entry, i) => {
    if ("copies" in entry) encodeCopies(encoder, entry);
    const pass = timedPass(i + 1);
    if ("pipeline" in entry) encodeDispatch(pass, entry);
    pass.end();
  });
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count);
  device.queue.submit([encoder.finish()]);
  let stamps: BigUint64Array;
  try {
    await mapForReading(gpu, staging);
    stamps = new BigUint64Array(staging.getMappedRange().slice(0));
  } finally {
    for (const thing of [querySet, resolved, staging]) thing.destroy();
  }
  // Copies start where the pass before them ended. And Mesa's software adapter may take a pass's
  // first stamp only once the pass is done; its last stamps are right, and passes follow each other
  // without a gap.
  return entries.map((entry, i) => {
    const fromLast = gpu.software || "copies" in entry;
    return {
      entry,
      ms: Number(stamps[2 * i + 3] - stamps[fromLast ? 2 * i + 1 : 2 * i + 2]) / 1e6,
    };
  });
}
