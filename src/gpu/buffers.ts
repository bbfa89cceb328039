/**
 * Buffers and slices of them; how floats get onto the GPU and back.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Gpu } from "./device.ts";

/** A run of bytes of a buffer: what a kernel is bound to. */
export interface Slice {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** Where the run starts, in bytes; a multiple of 256. */
  readonly offset: number;
  /** Its length in bytes. */
  readonly size: number;
}

/** Where slices of a shared buffer may start on every adapter, in floats. */
export const SLICE_FLOATS = 64;

/**
 * Makes a zeroed storage buffer of `floats` numbers of four bytes.
 *
 * @throws {UserError} If the adapter makes none as long.
 */
export function makeBuffer(gpu: Gpu, label: string, floats: number): Slice {
  const size = Math.max(16, Math.ceil(floats / 4) * 16);
  checkSize(label, size, gpu.summary.limits.maxBufferSize, "makes buffers of");
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST |
    GPUBufferUsage.COPY_SRC;
  return { buffer: gpu.device.createBuffer({ label, size, usage }), offset: 0, size };
}

/** `floats` numbers of a slice, from its number `at` on. */
export function sliceOf(whole: Slice, at: number, floats: number): Slice {
  return { buffer: whole.buffer, offset: whole.offset + 4 * at, size: 4 * floats };
}

/**
 * Checks that a kernel can be bound to a slice.
 *
 * @throws {UserError} If it is longer than the adapter binds.
 */
export function checkBinding(gpu: Gpu, { buffer, size }: Slice): void {
  checkSize(buffer.label, size, gpu.summary.limits.maxStorageBufferBindingSize, "binds");
}

/** A buffer that is larger than an adapter makes or binds. */
export class TooLargeError extends UserError {
  /** The buffer. */
  readonly label: string;
  /** Its bytes. */
  readonly size: number;
  /** The bytes that there may be. */
  readonly most: number;
  /** What the adapter does with at most as many: "binds". */
  readonly does: string;

  /** Says so in a line. */
  constructor(label: string, size: number, most: number, does: string) {
    super(
      `too large for this adapter: the ${label} would take ${megabytes(size)}, and it ${does} at ` +
        `most ${megabytes(most)}; try a smaller \`batch\` or \`width\``,
    );
    [this.label, this.size, this.most, this.does] = [label, size, most, does];
  }
}

/** Bytes for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}

function checkSize(label: string, size: number, most: number | undefined, does: string): void {
  if (most !== undefined && size > most) throw new TooLargeError(label, size, most, does);
}

/** Parts of a flat buffer of so many numbers, each as long as the adapter binds at once. */
export function bindablePieces(
  gpu: Gpu,
  floats: number,
): { readonly at: number; readonly floats: number }[] {
  const { maxStorageBufferBindingSize = Infinity } = gpu.summary.limits;
  const most = Math.floor(maxStorageBufferBindingSize / 4 / SLICE_FLOATS) * SLICE_FLOATS;
  const count = Math.ceil(floats / most);
  return Array.from({ length: count }, (_, i) => {
    const at = i === 0 ? 0 : i * most;
    return { at, floats: Math.min(most, floats - at) };
  });
}

/** Copies numbers to the GPU. */
export function upload(gpu: Gpu, to: Slice, data: Float32Array | Uint32Array | Uint8Array): void {
  // WebGPU takes a view over shared memory, which the type declarations do not know yet.
  gpu.device.queue.writeBuffer(to.buffer, to.offset, data as Float32Array<ArrayBuffer>);
}

/**
 * Reads slices back in one go. Every awaited read-back costs at least 11 ms in Deno and blocks
 * the thread, hence one for many slices, and none inside a training step.
 *
 * @returns A Float32Array for each slice.
 */
export async function readBack(
  gpu: Gpu,
  slices: readonly Slice[],
): Promise<Float32Array<ArrayBuffer>[]> {
  const total = slices.reduce((sum, slice) => sum + slice.size, 0);
  const staging = gpu.within(() => copyTogether(gpu, slices, total));
  try {
    await mapForReading(gpu, staging);
    const bytes = staging.getMappedRange().slice(0);
    let at = 0;
    return slices.map(({ size }) => new Float32Array(bytes, (at += size) - size, size / 4));
  } finally {
    staging.destroy();
  }
}

/**
 * Maps a buffer for reading once the GPU has done what was submitted before.
 *
 * @throws {UserError} If the device ran out of memory or was lost.
 */
export async function mapForReading(gpu: Gpu, staging: GPUBuffer): Promise<void> {
  await staging.mapAsync(GPUMapMode.READ).catch(async (error) => {
    await gpu.checkFailed();
    throw error;
  });
  gpu.check();
}

/** Starts copying slices one behind the other into a buffer that can be read. */
function copyTogether(gpu: Gpu, slices: readonly Slice[], total: number): GPUBuffer {
  const staging = gpu.device.createBuffer({
    label: "read-back",
    size: total,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = gpu.device.createCommandEncoder();
  let at = 0;
  for (const { buffer, offset, size } of slices) {
    encoder.copyBufferToBuffer(buffer, offset, staging, at, size);
    at += size;
  }
  gpu.device.queue.submit([encoder.finish()]);
  return staging;
}
