/**
 * `evaluate`, declared.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { FEATURE_RANGES } from "../../judge/feature_ranges.ts";
import { CHECKPOINT, CROP, HOLDOUT, JSON_RESULT, MAX_SEED, WEIGHTS, WORKERS } from "./shared.ts";

/** Judges a generator by photos. */
export const EVALUATE = {
  name: "evaluate",
  summary: "Measure how good a generator's pictures are, and whether it has learnt photos by heart",
  details: "Draws samples with a checkpoint's generator and compares them with photos: sliced " +
    "Wasserstein distance beside that between photos and photos, MS-SSIM between samples, and the " +
    "share of samples that are suspiciously like a training photo. A run that was trained with " +
    "--holdout is judged by the photos it has not seen. Kernel and Fréchet Inception distance take " +
    "the features of a network that you bring, such as InceptionV3 up to its pooling; of a few " +
    "hundred photos trust the kernel distance (KID).",
  options: [
    CHECKPOINT,
    WEIGHTS,
    {
      name: "data",
      type: "paths",
      value: "PATH",
      help: "the photos to judge by",
      defaultText: "those of the run",
      env: "FACADEGAN_DATA",
      group: "Photos",
    },
    {
      ...HOLDOUT,
      help: "the share of the photos that was held out of training; 0: judge by all of them",
      defaultText: "that of the run, else 0",
      group: "Photos",
    },
    { ...CROP, defaultText: "that of the run, else whole", group: "Photos" },
    { ...WORKERS, group: "Photos" },
    {
      name: "samples",
      type: "integer",
      value: "N",
      min: 2,
      max: 10_000,
      help: "pictures to draw and judge",
      default: 1000,
      group: "Samples",
    },
    {
      name: "seed",
      type: "integer",
      value: "N",
      min: 0,
      max: MAX_SEED,
      help: "seed of the samples, and of the places and directions that the distance looks at",
      default: 1,
      group: "Samples",
    },
    {
      name: "page",
      type: "path",
      output: true,
      value: "FILE",
      help:
        "write a page (HTML) that shows each sample beside the photo it is most like, the most " +
        "alike first",
      defaultText: "none",
    },
    {
      name: "features",
      type: "path",
      value: "FILE",
      help:
        "also KID and FID, by the features of this network (ONNX); start it by evaluate-features",
      defaultText: "none",
      group: "Network",
    },
    {
      name: "features-range",
      type: "choice",
      choices: FEATURE_RANGES,
      value: "NAME",
      help: "the colours it takes: ImageNet's normalisation, 0 to 1, -1 to 1, 0 to 255",
      default: "imagenet",
      group: "Network",
    },
    JSON_RESULT,
  ],
  examples: [
    { does: "The last run, by its own photos", line: "evaluate" },
    {
      does: "Has it learnt photos by heart? Look",
      line: "evaluate --page nearest.html",
    },
    {
      does: "A checkpoint, for programs",
      line: "evaluate --checkpoint runs/1 --data photos --json",
    },
  ],
} as const satisfies CommandSpec;
