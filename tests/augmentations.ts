/** Augmentation and its gradient beside float64: in Deno, and in a page. */

import type { Gpu } from "../src/gpu/device.ts";
import {
  type DiffAugmentSpec,
  recordDiffAugment,
  recordDiffAugmentBackward,
} from "../src/ops/diff_augment.ts";
import { StepUniform } from "../src/ops/step_uniform.ts";
import { randomArray, relativeError } from "./arrays.ts";
import { rounded, runKernels } from "./kernels.ts";
import { diffAugment, diffAugmentBackward } from "./reference/diff_augment.ts";
import { resizeChannels } from "./reference/layout.ts";

const POLICY = ["colour", "translation", "cutout"] as const;
const PLAIN = { batch: 3, size: 32, channels: 3, noise: 0, first: 0 } as const;

/** Each operation by itself, noise by itself, all together in grey and in colour. */
export const AUGMENTATIONS: readonly DiffAugmentSpec[] = [
  { ...PLAIN, policy: ["colour"], size: 64 },
  { ...PLAIN, policy: ["translation"] },
  { ...PLAIN, policy: ["cutout"] },
  { ...PLAIN, policy: [], noise: 0.25 },
  { ...PLAIN, policy: POLICY, noise: 1, channels: 1, first: 4 },
  { ...PLAIN, policy: POLICY, batch: 6, first: 7 },
];

/** The seed and the step whose dice are thrown. */
export const AUGMENTED_AT = { seed: 3, step: 41 };

/** Pictures and a gradient for a case, as float32 holds them. */
export function augmentationOperands({ batch, size, channels }: DiffAugmentSpec) {
  const length = batch * size * size * channels;
  return { x: rounded(randomArray(length, 1)), g: rounded(randomArray(length, 2)) };
}

/** How far kernels are from float64, as {@linkcode relativeError} counts. */
export interface AugmentationErrors {
  readonly augmented: number;
  readonly gradient: number;
}

/** Computes a case. */
export async function augmentationErrors(
  gpu: Gpu,
  spec: DiffAugmentSpec,
): Promise<AugmentationErrors> {
  const { seed, step } = AUGMENTED_AT;
  const { x, g } = augmentationOperands(spec);
  const padded = (values: Float64Array) => resizeChannels(values, spec.channels, 4);
  const floats = 4 * spec.batch * spec.size ** 2;
  const found = await runKernels(
    gpu,
    { x: padded(x), y: floats, g: padded(g), dx: floats },
    (program, s) => {
      const uniform = new StepUniform(gpu);
      uniform.write({ seed, step, stepSize: 0, invSqrtBias2: 0, ema: 0 });
      recordDiffAugment(program, spec, uniform, s.x, s.y);
      recordDiffAugmentBackward(program, spec, uniform, s.g, s.dx);
    },
  );
  return {
    augmented: relativeError(found.y, padded(diffAugment(x, spec, seed, step))),
    gradient: relativeError(found.dx, padded(diffAugmentBackward(g, spec, seed, step))),
  };
}
