/**
 * A recorded list of dispatches over buffers that never move. Recording does all the string work
 * and allocation; running it is one encoder and one submit.
 *
 * @module
 */

import { checkBinding, type Slice } from "./buffers.ts";
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

/** A copy of part of a buffer into part of a texture. */
export interface TextureCopy {
  /** Where in which buffer. */
  readonly from: GPUTexelCopyBufferInfo;
  /** Where in which texture. */
  readonly to: GPUTexelCopyTextureInfo;
  /** How much: width, height, layers. */
  readonly size: [number, number, number];
}

/** Copies into one texture, which want no kernel. */
export interface Copies extends Cost {
  /** What they copy. */
  readonly label: string;
  /** The copies. */
  readonly copies: readonly TextureCopy[];
}

/**
 * A list of dispatches, and of copies between them, that run in order, each seeing what those before
 * it wrote.
 */
export class Program {
  /** Dispatches and copies in order. */
  readonly entries: (Dispatch | Copies)[] = [];
  readonly #gpu: Gpu;
  readonly #lastWrites = new Map<GPUBuffer | GPUTextureView, number>();
  #writes = 0;

  /** Starts an empty program. */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** The dispatches in order. */
  get dispatches(): Dispatch[] {
    return this.entries.filter((entry) => "pipeline" in entry);
  }

  /** The device it runs on. */
  get gpu(): Gpu {
    return this.#gpu;
  }

  /**
   * Appends a dispatch of `kernel` over `bindings`.
   *
   * @throws {UserError} If a binding is longer than the adapter allows.
   */
  dispatch(
    kernel: Kernel,
    bindings: readonly Binding[],
    workgroups: readonly [number, number, number],
    cost: Cost = {},
  ): void {
    for (const binding of bindings) if ("buffer" in binding) checkBinding(this.#gpu, binding);
    if (workgroups.some((count) => count > MOST_WORKGROUPS)) {
      throw new Error(`${kernel.label}: a grid of ${workgroups} is not folded`);
    }
    const bindGroup = this.#gpu.device.createBindGroup({
      label: kernel.label,
      layout: kernel.pipeline.getBindGroupLayout(0),
      entries: bindings.map((resource, binding) => ({ binding, resource })),
    });
    for (const written of kernel.writes) this.#wrote(bindings[written]);
    this.entries.push({
      label: kernel.label,
      pipeline: kernel.pipeline,
      bindGroup,
      workgroups,
      ...cost,
    });
  }

  /** Appends copies into the texture behind `view`. */
  copy(label: string, copies: readonly TextureCopy[], view: GPUTextureView, cost: Cost = {}): void {
    this.entries.push({ label, copies, ...cost });
    this.#wrote(view);
  }

  #wrote(binding: Binding): void {
    this.#lastWrites.set(memoryOf(binding), ++this.#writes);
  }

  /**
   * When in the program anything was last written to a buffer or texture so far, 0 if never: whether
   * something derived from it earlier in the program still holds.
   */
  lastWrite(binding: Binding): number {
    return this.#lastWrites.get(memoryOf(binding)) ?? 0;
  }

  /**
   * Writes the dispatches into an open pass, if one is given, and into new ones after copies.
   *
   * @returns The pass left open.
   */
  encode(encoder: GPUCommandEncoder, pass?: GPUComputePassEncoder): GPUComputePassEncoder {
    for (const entry of this.entries) {
      if ("copies" in entry) {
        pass?.end();
        pass = undefined;
        encodeCopies(encoder, entry);
      } else {
        pass ??= encoder.beginComputePass();
        encodeDispatch(pass, entry);
      }
    }
    return pass ?? encoder.beginComputePass();
  }
}

/** Writes copies into an encoder that has no pass open. */
export function encodeCopies(encoder: GPUCommandEncoder, { copies }: Copies): void {
  for (const { from, to, size } of copies) encoder.copyBufferToTexture(from, to, size);
}

/** Writes a dispatch into a pass. */
export function encodeDispatch(
  pass: GPUComputePassEncoder,
  { pipeline, bindGroup, workgroups }: Dispatch,
): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
}

function memoryOf(binding: Binding): GPUBuffer | GPUTextureView {
  return "buffer" in binding ? binding.buffer : binding;
}

/** Runs programs one after another: one encoder, one submit, and one pass if nothing is copied. */
export function run(gpu: Gpu, ...programs: readonly Program[]): void {
  const encoder = gpu.device.createCommandEncoder();
  let pass: GPUComputePassEncoder | undefined;
  for (const program of programs) pass = program.encode(encoder, pass);
  pass?.end();
  gpu.device.queue.submit([encoder.finish()]);
}

/**
 * Has the driver make machine code of the dispatches' kernels, in this order, while the caller goes on. Some drivers, the
 * software adapter's among them, do so when a kernel is first dispatched; here each is, over no workgroups.
 */
export function compileAhead(gpu: Gpu, dispatches: readonly Dispatch[]): void {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  const seen = new Set<GPUComputePipeline>();
  for (const { pipeline, bindGroup } of dispatches) {
    if (seen.has(pipeline)) continue;
    seen.add(pipeline);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(0);
  }
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

/** Workgroups in one dimension of a grid, on every adapter. */
const MOST_WORKGROUPS = 65535;

/** Workgroups in a row of {@linkcode linearGrid}. */
export const FOLD = 32768;
