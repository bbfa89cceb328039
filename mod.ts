/**
 * facadegan trains generative adversarial networks on photos of building facades, on WebGPU, with
 * hand-written WGSL kernels: a DCGAN with the least-squares loss (LSGAN), 64x64 pictures and others.
 *
 * Pictures come in two layouts. A batch of photos is bytes, uint8 [B, size, size, 3]: what
 * `openDataset()` hands out and `Trainer.step()` takes. Drawn pictures are {@linkcode Pictures}:
 * numbers [N, 3, size, size] in [-1, 1], as PyTorch has them, with a call for each way onto a disk.
 *
 * @example Train on a folder of photos, save, and look at it
 * ```ts
 * import { openDataset, openGpu, saveCheckpoint, Trainer } from "@facadegan/facadegan";
 *
 * using gpu = await openGpu();
 * using trainer = Trainer.create(gpu, { width: 4, batch: 2 });
 * await using photos = await openDataset({ batch: 2 }); // { source: "photos", batch: 2 }
 * for await (const batch of photos.batches()) {
 *   trainer.step(batch.pixels);
 *   if (trainer.stepsDone === 2) break;
 * }
 * console.log(await trainer.readMetrics());
 * const folder = await Deno.makeTempDir();
 * await saveCheckpoint(`${folder}/facades.safetensors`, await trainer.snapshot());
 * ```
 *
 * @example The whole loop, with samples, metrics, checkpoints and report in a run folder
 * ```ts
 * import { openDataset, openTunedGpu, presetFor, Trainer, trainInto } from "@facadegan/facadegan";
 *
 * using gpu = await openTunedGpu();
 * const { steps, ...settings } = presetFor(gpu);
 * console.log(steps, settings); // a network that suits the adapter; a tiny one here
 * using trainer = Trainer.create(gpu, { size: 32, width: 4, batch: 2, loss: "hinge" });
 * await using photos = await openDataset({ size: 32, batch: 2 });
 * const folder = `${await Deno.makeTempDir()}/run`;
 * for await (const event of trainInto(folder, trainer, photos, { steps: 2, samples: 4 })) {
 *   if (event.kind === "samples") console.log(event.path);
 * }
 * ```
 *
 * @example Go on with a checkpoint, and draw with it
 * ```ts
 * import { loadCheckpoint, openGenerator, openGpu, saveCheckpoint, Trainer } from "@facadegan/facadegan";
 *
 * using gpu = await openGpu();
 * const path = `${await Deno.makeTempDir()}/facades.safetensors`;
 * using first = Trainer.create(gpu, { size: 32, width: 4, batch: 2 });
 * await saveCheckpoint(path, await first.snapshot());
 *
 * const checkpoint = await loadCheckpoint(path);
 * using trainer = Trainer.resume(gpu, checkpoint);
 * trainer.step(new Uint8Array(2 * 32 * 32 * 3));
 * using generator = openGenerator(gpu, checkpoint);
 * const pictures = await generator.generate(generator.noise(16, { seed: 1 }));
 * await Deno.writeFile(path.replace("safetensors", "png"), pictures.grid());
 * ```
 *
 * Everything of {@link "./browser.ts"} is here, too, and what needs files, threads and Deno.
 * Permissions: `--allow-read` and `--allow-write` for the files named, and, where it is imported from
 * a URL, `--allow-import` for that host; nothing else.
 *
 * @module
 */

export * from "./browser.ts";
export {
  type Augmentation,
  type Batch,
  type Dataset,
  type DatasetOptions,
  type DatasetStats,
  DEFAULT_AUGMENTATION,
  FACADE_STYLES,
  type FacadeStyle,
  type Layout,
  NO_AUGMENTATION,
  openDataset,
  type OtherFiles,
  type Part,
  type Progress,
  type Skipped,
} from "./src/data/mod.ts";
export { loadCheckpoint, saveCheckpoint } from "./src/files/checkpoint_file.ts";
export { verifyFixture } from "./src/files/recording_file.ts";
export type { ExpectedNetworks } from "./src/host/software_driver.ts";
export { type KernelChoices, openGpu, openTunedGpu } from "./src/host/open_gpu.ts";
export { tuneGpu } from "./src/host/tune_gpu.ts";
export { type FullJudgement, Judge, type Judgement, type JudgePhotos } from "./src/judge/judge.ts";
export {
  type Draws,
  drawSamples,
  type NamedJudgePhotos,
  readJudgePhotos,
} from "./src/judge/photos.ts";
export type { PhotoSet, PhotoSetOptions } from "./src/data/photo_set.ts";
export type { Nearest } from "./src/quality/nearest.ts";
export type { PictureSet } from "./src/quality/picture_set.ts";
export type { Swd } from "./src/quality/sliced_wasserstein.ts";
export type { Evaluation } from "./src/run/evaluations.ts";
export { RunFolder } from "./src/run/folder.ts";
export { RunClaim } from "./src/run/claim.ts";
export type { FinishProgress } from "./src/run/finish.ts";
export {
  type RunEvent,
  type SampleJudge,
  trainInto,
  type TrainIntoOptions,
} from "./src/run/train_into.ts";
export type { Measured, TunedProduct, TuneOptions } from "./src/tune/tuner.ts";
