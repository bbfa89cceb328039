/**
 * Photos in, batches out: decodes folders of pictures in worker threads and hands out uint8
 * batches that are a pure function of (seed, step).
 *
 * @module
 */

export { cacheDir } from "../files/cache_dir.ts";
export type { Batch } from "./batch_ring.ts";
export { type Dataset, type DatasetStats, openDataset } from "./dataset.ts";
export {
  type Augmentation,
  type DatasetOptions,
  DEFAULT_AUGMENTATION,
  type Layout,
  NO_AUGMENTATION,
  type OtherFiles,
  type Progress,
  type Skipped,
} from "./options.ts";
export type { Part } from "./options.ts";
export { FACADE_STYLES, type FacadeStyle } from "../synth/facade.ts";
export { synthFacades, type SynthOptions } from "./drawn_facades.ts";
export { type Archive, downloadFacades, type DownloadOptions, FACADES } from "./download.ts";
export { inspectDataset, type Inspection, type InspectOptions } from "./inspect.ts";
export type { RgbImage } from "../image/image.ts";
