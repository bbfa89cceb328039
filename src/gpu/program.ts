/**
 * A recorded list of dispatches over buffers that never move. Recording does all the string work
 * and allocation; running it is one pass in one encoder and one submit.
 *
 * @module
 */

import type { Slice } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import type { Kernel } from "./kernel.ts";

/** What a dispatch costs at the least: what its time is compared with. */
export interface Cost {
  /** Floating-point operations; a product counted as the direct convolution. */
  readonly flops?: number;
  /** Bytes that must be read and written once. */
  readonly bytes?: number;
}

/** What a kernel reads or writes: bindings 0, 1, 2, ... of group 0. */
export type Binding = Slice | GPUTextureView;

/** One recorded dispatch. */
export interface Dispatch extends Cost {
  /** What it computes. */
  readonly label: string;
  /** The compiled kernel. */
  readonly pipeline: GPUComputePipeline;
  /** What it works on. */
  readonly bindGroup: GPUBindGroup;
  /** Workgroups along x, y and z. */
  readonly workgroups: readonly [number, number, number];
}

/** A list of dispatches that run in order, each seeing what those before it wrote. */
export class Program {
  /** The dispatches in order. */
  readonly dispatches: Dispatch[] = [];
  readonly #gpu: Gpu;
  readonly #lastWrites = new Map<GPUBuffer | GPUTextureView, number>();

  /** Starts an empty program. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** The device it runs on. */
  get gpu(): Gpu {
    return this.#gpu;
  }

  /** Appends a dispatch of `kernel` over `bindings`. */
  dispatch(
    kernel: Kernel,
    bindings: readonly Binding[],
    workgroups: readonly [number, number, number],
    cost: Cost = {},
  ): void {
    const bindGroup = this.#gpu.device.createBindGroup({
      label: kernel.label,
      layout: kernel.pipeline.getBindGroupLayout(0),
      entries: bindings.map((resource, binding) => ({ binding, resource })),
    });
    for (const written of kernel.writes) {
      this.#lastWrites.set(memoryOf(bindings[written]), this.dispatches.length);
    }
    this.dispatches.push({
      label: kernel.label,
      pipeline: kernel.pipeline,
      bindGroup,
      workgroups,
      ...cost,
    });
  }

  /**
   * The number of the last dispatch so far that wrote anything to a buffer or texture, -1 if none
   * did: whether something derived from it earlier in the program still holds.
   */
  lastWrite(binding: Binding): number {
    return this.#lastWrites.get(memoryOf(binding)) ?? -1;
  }

  /** Writes the dispatches into an open pass. */
  encode(pass: GPUComputePassEncoder): void {
    for (const { pipeline, bindGroup, workgroups } of this.dispatches) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    }
  }
}

function memoryOf(binding: Binding): GPUBuffer | GPUTextureView {
  return "buffer" in binding ? binding.buffer : binding;
}

/** Runs programs one after another: one encoder, one pass, one submit. */
export function run(gpu: Gpu, ...programs: readonly Program[]): void {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const program of programs) program.encode(pass);
  pass.end();
  gpu.device.queue.submit([encoder.finish()]);
}

/**
 * The grid for `threads` threads in workgroups of `size`: folded into rows where one dimension of
 * workgroups would not do. Kernels find their number as `id.x + id.y * FOLD * size`.
 */
export function linearGrid(threads: number, size: number): [number, number, number] {
  const groups = Math.ceil(threads / size);
  return groups <= FOLD ? [groups, 1, 1] : [FOLD, Math.ceil(groups / FOLD), 1];
}

/** Workgroups in a row of {@linkcode linearGrid}. */
export const FOLD = 32768;
