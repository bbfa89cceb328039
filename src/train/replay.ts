/**
 * Replays a run that PyTorch recorded and says how far apart the two end up.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { decodeSafetensors, type Tensor, type TensorFile } from "../format/safetensors.ts";
import { setKernelSelector } from "../ops/conv/selection.ts";
import { CHANNELS, DISCRIMINATOR_NORMS, PICTURE_SIZES } from "../model/layers.ts";
import { LOSS_NAMES, type LossName } from "../ops/loss_table.ts";
import { Trainer } from "./trainer.ts";

/** How close a replay on one kernel set came. */
export interface ReplayReport {
  /** Whether the errors are within their limits. */
  readonly pass: boolean;
  /** Largest difference of a metric in the first step, absolute. */
  readonly first_step_err: number;
  /** Largest difference of a metric in any step, absolute; limit 1e-4. */
  readonly max_step_err: number;
  /** Largest relative L2 distance of a final tensor, running statistics included; limit 1e-4. */
  readonly max_weight_rel_l2: number;
  /** The tensor with that distance. */
  readonly worst_tensor: string;
}

/** How close the replays of a recorded run came; its own figures are those of the worst. */
export interface VerifyReport extends ReplayReport {
  /** The recorded run's name. */
  readonly fixture: string;
  /** Each kernel set that was asked for. */
  readonly kernels: { readonly [Kernels in VerifyKernels]?: ReplayReport };
}

/** The largest errors with which a replay passes. */
export const VERIFY_LIMITS = { max_step_err: 1e-4, max_weight_rel_l2: 1e-4 };

/**
 * The kernels of a replay. `accurate`: the direct products, whose sums round once; `training`: those
 * that training would use.
 */
export type VerifyKernels = "accurate" | "training";

/** All kernel sets, in the order in which they are replayed. */
export const VERIFY_KERNELS: readonly VerifyKernels[] = ["accurate", "training"];

/**
 * The least root mean square of a tensor that a distance is measured against: one that hardly left
 * zero is then held to an absolute distance. Adam's first step alone moves an element by 1e-4.
 */
const LEAST_RMS = 1e-6;

/**
 * Replays the bytes of a recording: its initial weights, batches and noise through the GPU, compared with
 * the recorded metrics and final weights, once with each kernel set.
 *
 * A recording keeps the inputs of every rectifier away from zero, where two right programs could
 * take different sides and Adam would make whole steps of it. So nothing here is left to luck, and
 * the limits leave room for rounding only.
 *
 * @throws {UserError} If they are no recorded run; `name` is how the message calls them.
 */
export async function replayRecording(
  gpu: Gpu,
  bytes: Uint8Array,
  options: { readonly kernels?: VerifyKernels | "both"; readonly name?: string } = {},
): Promise<VerifyReport> {
  const { kernels = "both", name: path = "the recording" } = options;
  const file = decodeSafetensors(bytes, path);
  const reports: { [Kernels in VerifyKernels]?: ReplayReport } = {};
  for (const set of kernels === "both" ? VERIFY_KERNELS : [kernels]) {
    reports[set] = set === "training"
      ? await replay(gpu, file, path)
      : await withDirectProducts(gpu, () => replay(gpu, file, path));
  }
  return { fixture: path, ...worstOf(Object.values(reports)), kernels: reports };
}

async function withDirectProducts<T>(gpu: Gpu, work: () => Promise<T>): Promise<T> {
  const before = setKernelSelector(gpu, () => "direct");
  try {
    return await work();
  } finally {
    setKernelSelector(gpu, before);
  }
}

function worstOf(reports: readonly ReplayReport[]): ReplayReport {
  const largest = (key: "first_step_err" | "max_step_err" | "max_weight_rel_l2") =>
    Math.max(...reports.map((report) => report[key]));
  const max_weight_rel_l2 = largest("max_weight_rel_l2");
  return {
    pass: reports.every(({ pass }) => pass),
    first_step_err: largest("first_step_err"),
    max_step_err: largest("max_step_err"),
    max_weight_rel_l2,
    worst_tensor: reports.find((report) => report.max_weight_rel_l2 === max_weight_rel_l2)!
      .worst_tensor,
  };
}

async function replay(
  gpu: Gpu,
  { tensors, metadata }: TensorFile,
  path: string,
): Promise<ReplayReport> {
  const number = (key: string): number => {
    const value = Number(metadata[key]);
    if (metadata[key] === undefined || !Number.isFinite(value)) {
      throw new UserError(`${path} is no recorded run: its metadata lacks ${key}`);
    }
    return value;
  };
  const tensor = (name: string, elements?: number): Tensor => {
    const found = tensors.get(name);
    if (!found) throw new UserError(`${path} is no whole recorded run: it lacks ${name}`);
    if (elements !== undefined && found.data.length !== elements) {
      throw new UserError(`${path}: ${name} has ${found.data.length} elements, not ${elements}`);
    }
    return found;
  };
  const loss = metadata.loss ?? "";
  if (!isLossName(loss)) {
    const known = LOSS_NAMES.join(", ");
    throw new UserError(`${path} was recorded with the loss '${loss}', not ${known}`);
  }
  const steps = number("steps");
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new UserError(`${path} holds ${steps} steps: there is nothing to replay`);
  }
  // Recordings older than the other sizes do not say theirs.
  const told = metadata.size === undefined ? 64 : number("size");
  const size = PICTURE_SIZES.find((one) => one === told);
  if (!size) {
    throw new UserError(`${path} was recorded at size ${told}, not ${PICTURE_SIZES.join(", ")}`);
  }
  const toldChannels = metadata.channels === undefined ? 3 : number("channels");
  const channels = CHANNELS.find((one) => one === toldChannels);
  if (!channels) {
    throw new UserError(`${path} was recorded with ${toldChannels} channels, not 1 or 3`);
  }
  const toldNorm = metadata.norm_d ?? "batch";
  const normD = DISCRIMINATOR_NORMS.find((one) => one === toldNorm);
  if (!normD) {
    const known = DISCRIMINATOR_NORMS.join(", ");
    throw new UserError(`${path} was recorded with norm_d '${toldNorm}', not ${known}`);
  }
  const [batch, nz] = [number("batch"), number("nz")];
  using trainer = Trainer.create(gpu, {
    size,
    channels,
    normD,
    width: number("width"),
    nz,
    batch,
    loss,
    lr: number("lr"),
    beta1: number("beta1"),
    beta2: number("beta2"),
    ema: 0,
  });
  trainer.loadWeights(withoutPrefix(tensors, "init.G."), withoutPrefix(tensors, "init.D."));
  let [firstStep, maxStep] = [0, 0];
  for (let step = 0; step < steps; step++) {
    trainer.replay(
      tensor(`real.${step}`, batch * channels * size * size).data,
      tensor(`noise.${step}`, batch * nz).data,
    );
    const [m] = await trainer.readMetrics();
    const ours = [m.errD, m.errG, m.D_x, m.D_G_z1, m.D_G_z2];
    tensor(`metrics.${step}`, ours.length).data.forEach((theirs, i) => {
      const error = orInfinity(Math.abs(ours[i] - theirs));
      if (step === 0) firstStep = Math.max(firstStep, error);
      maxStep = Math.max(maxStep, error);
    });
  }
  const final = networksOf((await trainer.snapshot()).tensors);
  for (const name of withoutPrefix(tensors, "final.").keys()) {
    if (!final.has(name)) {
      throw new UserError(`${path} holds final.${name}, which these networks do not have`);
    }
  }
  let [maxWeight, worst] = [0, ""];
  for (const [name, ours] of final) {
    const theirs = tensor(`final.${name}`, ours.data.length);
    const distance = relativeL2(ours.data, theirs.data);
    if (distance >= maxWeight) [maxWeight, worst] = [distance, name];
  }
  return {
    pass: maxStep <= VERIFY_LIMITS.max_step_err && maxWeight <= VERIFY_LIMITS.max_weight_rel_l2,
    first_step_err: firstStep,
    max_step_err: maxStep,
    max_weight_rel_l2: maxWeight,
    worst_tensor: worst,
  };
}

function isLossName(word: string): word is LossName {
  return LOSS_NAMES.some((name) => name === word);
}

/** The tensors of a snapshot that a recording has too: no optimiser's. */
function networksOf(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map([...tensors].filter(([name]) => /^[GD]\./.test(name)));
}

function withoutPrefix(tensors: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  return new Map(
    [...tensors].filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

/** |ours - theirs| / |theirs|, the latter kept off zero; a NaN counts as infinitely far. */
function relativeL2(ours: Float32Array, theirs: Float32Array): number {
  let [difference, norm] = [0, 0];
  theirs.forEach((x, i) => {
    difference += (ours[i] - x) ** 2;
    norm += x * x;
  });
  return orInfinity(Math.sqrt(difference / Math.max(norm, theirs.length * LEAST_RMS ** 2)));
}

function orInfinity(x: number): number {
  return Number.isNaN(x) ? Infinity : x;
}
