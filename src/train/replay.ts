/**
 * Replays a run that PyTorch recorded and says how far apart the two end up.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { decodeSafetensors, type Tensor } from "../format/safetensors.ts";
import { setKernelSelector } from "../ops/conv/selection.ts";
import type { PictureSize } from "../model/layers.ts";
import type { LossName } from "../ops/loss_table.ts";
import { Trainer } from "./trainer.ts";

/** How close a replay came, and whether that is close enough. */
export interface VerifyReport {
  /** The recorded run's file. */
  readonly fixture: string;
  /** Whether all three errors are within their limits. */
  readonly pass: boolean;
  /** Largest difference of a metric in the first step, absolute; limit 1e-4. */
  readonly first_step_err: number;
  /** Largest difference of a metric in any step, absolute; limit 1e-2. */
  readonly max_step_err: number;
  /** Largest relative L2 distance of a final tensor, running statistics included; limit 2e-2. */
  readonly max_weight_rel_l2: number;
  /** The tensor with that distance. */
  readonly worst_tensor: string;
}

/** The largest errors with which a replay passes. */
export const VERIFY_LIMITS = { first_step_err: 1e-4, max_step_err: 1e-2, max_weight_rel_l2: 2e-2 };

/**
 * The kernels of a replay. `accurate`: the direct products, whose sums round once; `training`: those
 * that training would use.
 */
export type VerifyKernels = "accurate" | "training";

/**
 * Replays a fixture: the recorded initial weights, batches and noise through the GPU, compared with
 * the recorded metrics and final weights.
 *
 * Where a rectifier's input lies within rounding of zero, two right programs may take different
 * sides, and Adam makes whole steps of it: the final weights of any faster kernels, and of PyTorch
 * on another machine, may then differ by more than the limit though every product is right. The
 * accurate kernels, the default, leave the least to that chance.
 *
 * @throws {UserError} If the file cannot be read or is no recorded run.
 */
export async function verifyFixture(
  gpu: Gpu,
  path: string,
  kernels: VerifyKernels = "accurate",
): Promise<VerifyReport> {
  if (kernels === "training") return await replay(gpu, path);
  const before = setKernelSelector(gpu, () => "direct");
  try {
    return await replay(gpu, path);
  } finally {
    setKernelSelector(gpu, before);
  }
}

async function replay(gpu: Gpu, path: string): Promise<VerifyReport> {
  const bytes = await Deno.readFile(path).catch((error: Error) => {
    throw new UserError(`the fixture ${path} cannot be read: ${error.message}`);
  });
  const { tensors, metadata } = decodeSafetensors(bytes, path);
  const number = (key: string): number => {
    const value = Number(metadata[key]);
    if (metadata[key] === undefined || !Number.isFinite(value)) {
      throw new UserError(`${path} is no recorded run: its metadata lacks ${key}`);
    }
    return value;
  };
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name);
    if (!found) throw new UserError(`${path} is no whole recorded run: it lacks ${name}`);
    return found;
  };
  using trainer = Trainer.create(gpu, {
    size: metadata.size === undefined ? 64 : number("size") as PictureSize,
    width: number("width"),
    nz: number("nz"),
    batch: number("batch"),
    loss: (metadata.loss ?? "ls") as LossName,
    lr: number("lr"),
    beta1: number("beta1"),
    beta2: number("beta2"),
    ema: 0,
  });
  trainer.loadWeights(withoutPrefix(tensors, "init.G."), withoutPrefix(tensors, "init.D."));
  const steps = number("steps");
  let [firstStep, maxStep] = [0, 0];
  for (let step = 0; step < steps; step++) {
    trainer.replay(tensor(`real.${step}`).data, tensor(`noise.${step}`).data);
    const [m] = await trainer.readMetrics();
    const ours = [m.errD, m.errG, m.D_x, m.D_G_z1, m.D_G_z2];
    tensor(`metrics.${step}`).data.forEach((theirs, i) => {
      const error = orInfinity(Math.abs(ours[i] - theirs));
      if (step === 0) firstStep = Math.max(firstStep, error);
      maxStep = Math.max(maxStep, error);
    });
  }
  const final = (await trainer.snapshot()).tensors;
  let [maxWeight, worst] = [0, ""];
  for (const [name, theirs] of tensors) {
    if (!name.startsWith("final.")) continue;
    const ours = final.get(name.slice("final.".length));
    if (!ours) throw new UserError(`${path} holds ${name}, which these networks do not have`);
    const distance = relativeL2(ours.data, theirs.data);
    if (distance >= maxWeight) [maxWeight, worst] = [distance, name.slice("final.".length)];
  }
  if (worst === "") throw new UserError(`${path} is no whole recorded run: it lacks final weights`);
  return {
    fixture: path,
    pass: firstStep <= VERIFY_LIMITS.first_step_err && maxStep <= VERIFY_LIMITS.max_step_err &&
      maxWeight <= VERIFY_LIMITS.max_weight_rel_l2,
    first_step_err: firstStep,
    max_step_err: maxStep,
    max_weight_rel_l2: maxWeight,
    worst_tensor: worst,
  };
}

function withoutPrefix(tensors: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  return new Map(
    [...tensors].filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

/** |ours - theirs| / |theirs|; a NaN counts as infinitely far. */
function relativeL2(ours: Float32Array, theirs: Float32Array): number {
  let [difference, norm] = [0, 0];
  theirs.forEach((x, i) => {
    difference += (ours[i] - x) ** 2;
    norm += x * x;
  });
  return orInfinity(Math.sqrt(difference / Math.max(norm, 1e-30)));
}

function orInfinity(x: number): number {
  return Number.isNaN(x) ? Infinity : x;
}
