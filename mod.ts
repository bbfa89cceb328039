/**
 * facadegan trains generative adversarial networks on photos of building facades, on WebGPU, with
 * hand-written WGSL kernels: a DCGAN of 64x64 pictures with the least-squares loss (LSGAN).
 *
 * @example Train on a folder of photos
 * ```ts ignore
 * import { openDataset, openGpu, saveCheckpoint, Trainer } from "./mod.ts";
 *
 * using gpu = await openGpu();
 * using trainer = Trainer.create(gpu, { width: 16, batch: 16 });
 * await using photos = await openDataset({ source: "photos", batch: 16 });
 * for await (const batch of photos.batches()) {
 *   trainer.step(batch.pixels);
 *   if (trainer.stepsDone % 50 === 0) console.log((await trainer.readMetrics()).at(-1));
 *   if (trainer.stepsDone === 1000) break;
 * }
 * await saveCheckpoint("facades.safetensors", await trainer.snapshot());
 * ```
 *
 * @example Draw pictures with a checkpoint
 * ```ts ignore
 * import { loadCheckpoint, openGenerator, openGpu } from "./mod.ts";
 *
 * using gpu = await openGpu();
 * using generator = openGenerator(gpu, await loadCheckpoint("facades.safetensors"));
 * const noise = generator.noise(16, { seed: 1 });
 * const images = await generator.generate(noise); // [16, 3, 64, 64] in (-1, 1)
 * ```
 *
 * Needs Deno's WebGPU and no permission but to read and write the files named; importing it over
 * HTTP works, shaders and workers included.
 *
 * @module
 */

export { UserError } from "./src/errors.ts";
export { type AdapterSummary, Gpu } from "./src/gpu/device.ts";
export { openGpu } from "./src/host/open_gpu.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  type TensorFile,
} from "./src/format/safetensors.ts";
export {
  type Augmentation,
  type Batch,
  type Dataset,
  type DatasetOptions,
  type DatasetStats,
  DEFAULT_AUGMENTATION,
  type Layout,
  NO_AUGMENTATION,
  openDataset,
  type Progress,
  type Skipped,
} from "./src/data/mod.ts";
export { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./src/train/checkpoint.ts";
export {
  DEFAULT_SETTINGS,
  type GivenSettings,
  type Labels,
  type LossName,
  type TrainSettings,
} from "./src/train/settings.ts";
export { type Architecture, PICTURE_SIZES, type PictureSize } from "./src/model/layers.ts";
export { LoadedGenerator, openGenerator } from "./src/train/loaded_generator.ts";
export type { StepMetrics } from "./src/train/metrics.ts";
export { Trainer, type WeightChoice } from "./src/train/trainer.ts";
export {
  type ReplayReport,
  verifyFixture,
  type VerifyKernels,
  type VerifyReport,
} from "./src/train/replay.ts";
