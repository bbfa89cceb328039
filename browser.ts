/**
 * The core of facadegan: what needs nothing but web APIs, for a page in a browser or any other
 * runtime with WebGPU. No files, no threads, no command line; `mod.ts` has those too.
 *
 * @example Bundle it for a page
 * ```sh
 * deno bundle --platform browser -o facadegan.js browser.ts
 * ```
 *
 * @module
 */

export { UserError } from "./src/errors.ts";
export { type AdapterSummary, type Backend, Gpu, openGpu } from "./src/gpu/device.ts";
export {
  decodeSafetensors,
  type EncodeOptions,
  encodeSafetensors,
  type Tensor,
  type TensorFile,
} from "./src/format/safetensors.ts";
export type { GifOptions } from "./src/image/gif.ts";
export { type GridOptions, makeGrid, type RgbImage } from "./src/image/image.ts";
export { type PictureBytes, Pictures } from "./src/image/pictures.ts";
export { encodePng } from "./src/image/png_encoder.ts";
export {
  type Architecture,
  CHANNELS,
  type Channels,
  DISCRIMINATOR_NORMS,
  type DiscriminatorNorm,
  PICTURE_SIZES,
  type PictureSize,
} from "./src/model/layers.ts";
export type { ConvShape, Product } from "./src/ops/conv/product.ts";
export {
  type Loss,
  LOSS_NAMES,
  type LossElement,
  LOSSES,
  type LossRole,
} from "./src/ops/loss_table.ts";
export {
  canResume,
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./src/train/checkpoint.ts";
export { type ExportedGenerator, exportGenerator } from "./src/train/exported_generator.ts";
export type { Warning } from "./src/train/health.ts";
export { LoadedGenerator, openGenerator } from "./src/train/loaded_generator.ts";
export {
  type BatchSource,
  type LoopOptions,
  type OnNan,
  type PhotoBatch,
  train,
  type TrainEvent,
  type TrainOutcome,
} from "./src/train/loop.ts";
export type { StepMetrics } from "./src/train/metrics.ts";
export {
  noiseOfSeed,
  noiseOfSeeds,
  noiseOfWalk,
  type PictureNoise,
  slerp,
} from "./src/train/noise.ts";
export { type Preset, presetFor, type PresetName, PRESETS } from "./src/train/presets.ts";
export type { TrainingProgress, TrainingTime } from "./src/train/progress.ts";
export {
  replayRecording,
  type ReplayReport,
  type VerifyKernels,
  type VerifyReport,
} from "./src/train/replay.ts";
export {
  checkSettings,
  DEFAULT_SETTINGS,
  type GivenSettings,
  type Labels,
  type LossName,
  type TrainSettings,
  type Upsample,
  UPSAMPLES,
} from "./src/train/settings.ts";
export { DIFF_AUGMENTS, type DiffAugment } from "./src/ops/diff_augment.ts";
export { Trainer, type WeightChoice } from "./src/train/trainer.ts";
