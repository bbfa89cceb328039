/**
 * Whether a training fits an adapter, before anything of it is allocated.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { megabytes, TooLargeError } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { dryGpu } from "../gpu/dry_device.ts";
import { discriminatorTensors, generatorTensors } from "../model/layers.ts";
import { copyKernelSelector } from "../ops/conv/selection.ts";
import type { TrainSettings } from "./settings.ts";
import { makeTrainerState } from "./state.ts";

/** What a training asks of an adapter. */
export interface Footprint {
  /** Bytes of all its buffers and textures. */
  readonly bytes: number;
  /** What is too large for the adapter; undefined if nothing is. */
  readonly tooLarge: TooLargeError | undefined;
}

/** What training with these settings asks of an adapter, found out by recording it there dry. */
export function footprint(gpu: Gpu, settings: TrainSettings): Footprint {
  const { gpu: dry, asked } = dryGpu(gpu);
  copyKernelSelector(gpu, dry);
  try {
    makeTrainerState(dry, settings);
    return { bytes: asked.bytes, tooLarge: undefined };
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return { bytes: asked.bytes, tooLarge: error };
  }
}

/**
 * Refuses settings that are too large for an adapter, or for `free` bytes of memory where it is known
 * how many there are.
 *
 * @throws {UserError} Says what is too large, and which batch would fit.
 */
export function refuseTooLarge(gpu: Gpu, settings: TrainSettings, free = Infinity): void {
  if (isSmall(gpu, settings) && free > 2 ** 30) return;
  const { bytes, tooLarge } = footprint(gpu, settings);
  if (!tooLarge && bytes <= free) return;
  const { batch, width } = settings;
  const fitting = largestBatch(gpu, settings, free);
  const [needed, given] = tooLarge
    ? [
      `${megabytes(tooLarge.size)} for the ${tooLarge.label}`,
      `this adapter ${tooLarge.does} at most ${megabytes(tooLarge.most)}`,
    ]
    : [`${megabytes(bytes)} in all`, `${megabytes(free)} of memory are free`];
  throw new UserError(
    `\`batch\` ${batch} at \`width\` ${width} needs ${needed}, and ${given}: ` +
      (fitting === 0 ? "no `batch` fits, try a smaller `width`" : `\`batch\` ${fitting} fits`),
  );
}

/** The largest batch below that of the settings with which all fits; 0 if there is none. */
function largestBatch(gpu: Gpu, settings: TrainSettings, free: number): number {
  let [fits, over] = [0, settings.batch];
  while (over - fits > 1) {
    const batch = (fits + over) >> 1;
    const { bytes, tooLarge } = footprint(gpu, { ...settings, batch });
    if (tooLarge || bytes > free) over = batch;
    else fits = batch;
  }
  return fits;
}

/** Whether settings are so far from every limit that finding out is not worth its 50 milliseconds. */
function isSmall({ summary: { limits } }: Gpu, settings: TrainSettings): boolean {
  const { batch, size, width } = settings;
  const map = 4 * 2 * batch * (size / 2) ** 2 * Math.max(width, 4);
  const weights = 4 * Math.max(
    generatorTensors(settings).parameterCount,
    discriminatorTensors(settings).parameterCount,
  );
  const { maxBufferSize = Infinity, maxStorageBufferBindingSize = Infinity } = limits;
  // What kernels need besides is a few times the largest map, or the weights, at the most.
  return 16 * Math.max(map, weights) < Math.min(maxBufferSize, maxStorageBufferBindingSize);
}
