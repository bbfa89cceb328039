/**
 * The adapter's own ceilings, measured: what a kernel's figures are held against (Williams,
 * Waterman and Patterson, "Roofline", CACM 52(4), 2009).
 *
 * @module
 */

import copySource from "../../shaders/roofline_copy.wgsl" with { type: "text" };
import multiplyAddSource from "../../shaders/roofline_multiply_add.wgsl" with { type: "text" };
import { makeBuffer } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { makeKernel } from "../gpu/kernel.ts";
import { linearGrid, Program, run } from "../gpu/program.ts";
import type { Cost } from "../gpu/program.ts";
import { canTime, timeEntries } from "../gpu/timing.ts";

/** What an adapter can do at best. */
export interface Roofline {
  /** Multiply-adds without memory, in GFLOP/s (two a multiply-add). */
  readonly gflops: number;
  /** Reading one buffer and writing another, in GB/s, both counted. */
  readonly gbPerSecond: number;
  /** Host time to encode one dispatch among many in a pass, in microseconds. */
  readonly dispatchUs: number;
}

/** Runs a measurement this often and keeps the best. */
const ROUNDS = 5;

/** Measures the ceilings: about a second on a software adapter. */
export async function measureRoofline(gpu: Gpu): Promise<Roofline> {
  return {
    gflops: await multiplyAddCeiling(gpu),
    gbPerSecond: await copyCeiling(gpu),
    dispatchUs: dispatchCost(gpu),
  };
}

/** Least milliseconds of a program with one dispatch. */
async function bestMs(gpu: Gpu, program: Program): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    if (canTime(gpu)) {
      best = Math.min(best, (await timeEntries(gpu, program))[0].ms);
    } else {
      const start = performance.now();
      for (let i = 0; i < 20; i++) run(gpu, program);
      await gpu.device.queue.onSubmittedWorkDone();
      best = Math.min(best, (performance.now() - start) / 20);
    }
  }
  return best;
}

async function multiplyAddCeiling(gpu: Gpu): Promise<number> {
  // A processor needs few threads and a GPU very many; both should be busy for tens of milliseconds,
  // or the launch would count.
  const [threads, TURNS] = gpu.software ? [4096, 512] : [1 << 20, 256];
  const STEPS = 32;
  const out = makeBuffer(gpu, "roofline", 4 * threads);
  let best = 0;
  // How many chains hide the latency without running out of registers depends on the adapter.
  for (const CHAINS of [1, 2, 3, 4, 8]) {
    const program = new Program(gpu);
    const constants = { CHAINS, STEPS, TURNS };
    const kernel = makeKernel(gpu, "multiply-add ceiling", multiplyAddSource, constants);
    program.dispatch(kernel, [out], [threads / 64, 1, 1]);
    const ms = await bestMs(gpu, program);
    best = Math.max(best, 2 * 4 * CHAINS * STEPS * TURNS * threads / ms / 1e6);
  }
  out.buffer.destroy();
  return best;
}

async function copyCeiling(gpu: Gpu): Promise<number> {
  const floats = gpu.software ? 1 << 22 : 1 << 25;
  const from = makeBuffer(gpu, "roofline from", floats);
  const to = makeBuffer(gpu, "roofline to", floats);
  const program = new Program(gpu);
  const kernel = makeKernel(gpu, "copy ceiling", copySource, { COUNT: floats });
  program.dispatch(kernel, [from, to], linearGrid(floats / 4, 64));
  const ms = await bestMs(gpu, program);
  for (const { buffer } of [from, to]) buffer.destroy();
  return 8 * floats / ms / 1e6;
}

function dispatchCost(gpu: Gpu): number {
  const count = 1000;
  const [from, to] = [makeBuffer(gpu, "from", 64), makeBuffer(gpu, "to", 64)];
  const program = new Program(gpu);
  const kernel = makeKernel(gpu, "dispatch cost", copySource, { COUNT: 64 });
  for (let i = 0; i < count; i++) program.dispatch(kernel, [from, to], [1, 1, 1]);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run(gpu, program);
    best = Math.min(best, performance.now() - start);
  }
  return 1000 * best / count;
}

/** The share of the ceiling that binds it which work of this cost reached in `ms` milliseconds. */
export function shareOfCeiling({ flops = 0, bytes = 0 }: Cost, ms: number, roofline: Roofline): {
  readonly share: number;
  readonly bound: "arithmetic" | "memory";
} {
  const [compute, memory] = [flops / roofline.gflops / 1e6, bytes / roofline.gbPerSecond / 1e6];
  return {
    share: Math.max(compute, memory) / ms,
    bound: compute >= memory ? "arithmetic" : "memory",
  };
}
