/**
 * How a dataset is read: the options of {@linkcode openDataset}, their defaults and limits.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { FACADE_STYLES, type FacadeStyle } from "../synth/facade.ts";

/** Which photos of a source: those to train on, or those held out. */
export type Part = "training" | "held-out";

/** Random changes of a photo, drawn anew in every epoch; each can be switched off. */
export interface Augmentation {
  /**
   * Smallest and largest side of a square crop at a random place, as fractions of the photo's short
   * side; `[1, 1]` moves it along the long side only. False: the largest square in the middle.
   */
  readonly crop: readonly [number, number] | false;
  /** Mirror half of the photos. */
  readonly flip: boolean;
  /** Brightness is multiplied by 1 ± this, drawn uniformly; 0 switches it off. */
  readonly brightness: number;
  /** Contrast about mid-grey is multiplied by 1 ± this, drawn uniformly; 0 switches it off. */
  readonly contrast: number;
}

/** What training uses where nothing else is asked for. */
export const DEFAULT_AUGMENTATION: Augmentation = {
  crop: [0.85, 1],
  flip: true,
  brightness: 0.08,
  contrast: 0.08,
};

/** No random change at all: the centre crop, as for evaluation. */
export const NO_AUGMENTATION: Augmentation = {
  crop: false,
  flip: false,
  brightness: 0,
  contrast: 0,
};

/** Which part of each picture is the photo; `left` and `right` are for pix2pix pairs. */
export type Layout = "whole" | "left" | "right";

/** How far long work has come. */
export interface Progress {
  /** What is being done, for people: "decoding", "drawing facades", "downloading". */
  readonly what: string;
  /** Units done so far. */
  readonly done: number;
  /** Units in all; 0 if unknown. */
  readonly total: number;
  /** What a unit is. */
  readonly unit: "photos" | "bytes" | "frames";
  /** Units per second, lately. */
  readonly rate: number;
  /** Estimated seconds that are left; `Infinity` if unknown. */
  readonly eta: number;
}

/** A file that cannot be used, and why. */
export interface Skipped {
  /** Its path; for a picture within a tar `path/of.tar/name/within`. */
  readonly path: string;
  /** One line for people. */
  readonly reason: string;
}

/** Files among photos that are not read: those of a kind. */
export interface OtherFiles {
  /** The kind: "HEIC", "video"; "other" for what is no picture at all. */
  readonly kind: string;
  /** How many. */
  readonly count: number;
  /** The path of one of them. */
  readonly example: string;
  /** What to do to have pictures of them; empty for "other". */
  readonly advice: string;
}

/**
 * The pixels of the largest picture decoded unless more are asked for: 2^26, 8,192 x 8,192. What phones and
 * cameras of 64 megapixels take passes; at four bytes a pixel it is 256 MB.
 */
export const MAX_PIXELS = 2 ** 26;

/** Options of {@linkcode openDataset}; all may be left out. */
export interface DatasetOptions {
  /**
   * Folders (searched recursively), picture files, tar (WebDataset shards) and zip files (read without
   * unpacking); `@photos.txt` for the paths in a file, one a line, relative to it; patterns such as
   * `photos/*.jpg`, with `**` for folders at any depth. Default: the synthetic facades, drawn into the cache folder on first use; without a
   * cache folder, each time they are read.
   */
  readonly source?: string | readonly string[];
  /** Which synthetic facades, where no source is given; default `street`. */
  readonly facades?: FacadeStyle;
  /** Seed of order and augmentation: an unsigned 32-bit integer; default 1. */
  readonly seed?: number;
  /** Photos in a batch; default 64. */
  readonly batch?: number;
  /** Pixels a side of a photo in a batch, from 16 to 512; default 64. */
  readonly size?: number;
  /** Worker threads; default: the machine's cores, at most 8. Changes the speed, never the batches. */
  readonly workers?: number;
  /** Draw the photos in random order, another in every epoch; default true. */
  readonly shuffle?: boolean;
  /** Changes to {@linkcode DEFAULT_AUGMENTATION}; false: none at all. */
  readonly augmentation?: Partial<Augmentation> | false;
  /** The share of the photos that is kept apart, by a hash of each file; default 0: none. */
  readonly holdout?: number;
  /** With a holdout: the photos to train on, or those kept apart; default `training`. */
  readonly part?: Part;
  /** Which part of each picture is the photo; default `whole`. */
  readonly layout?: Layout;
  /** Cut off black or grey wedges and margins; default false. */
  readonly trimBorder?: boolean;
  /** The colour behind transparent pixels, 0 to 255; default white. */
  readonly background?: readonly [number, number, number];
  /** Folder for decoded photos; default {@linkcode cacheDir}`()`; null: keep nothing on disk. */
  readonly cacheDir?: string | null;
  /** Bytes of decoded photos to keep in the cache folder, of all datasets together; default 4 GiB. */
  readonly cacheBytes?: number;
  /** Bytes of decoded photos to keep in memory; default 1 GiB. */
  readonly memoryBudget?: number;
  /** Batches to keep ready or in the consumer's hands; default 8. */
  readonly prefetch?: number;
  /** Pictures with more pixels are refused; default {@linkcode MAX_PIXELS}. */
  readonly maxPixels?: number;
  /** A JPEG cut short is used if at least this share of its rows is there, 0 to 1; default 0.9. */
  readonly minIntact?: number;
  /** Milliseconds of work after which a photo counts as stuck; default 10,000. */
  readonly jobTimeout?: number;
  /** Called now and then while photos are drawn or decoded. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called for every file that cannot be used. */
  readonly onSkipped?: (skipped: Skipped) => void;
  /** Called for every kind of file found that is not read. */
  readonly onOthers?: (files: OtherFiles) => void;
  /** Called for every file that is used though part of it is missing; the reason says how much. */
  readonly onFlawed?: (flawed: Skipped) => void;
  /** Called once where the cache folder cannot be used, with why: work goes on without it. */
  readonly onUncached?: (why: string) => void;
}

/** Options with every default filled in. */
export interface ResolvedOptions extends Required<Omit<DatasetOptions, "source" | "cacheDir">> {
  /** See {@linkcode DatasetOptions.source}; undefined stands for the synthetic facades. */
  readonly source: readonly string[] | undefined;
  /** See {@linkcode DatasetOptions.cacheDir}. */
  readonly cacheDir: string | null;
  /** See {@linkcode DatasetOptions.augmentation}. */
  readonly augmentation: Augmentation;
}

/**
 * Fills in the defaults and checks the ranges.
 *
 * @throws {UserError} If an option is out of range.
 */
export function resolveOptions(
  options: DatasetOptions,
  defaultCacheDir: () => string | null,
): ResolvedOptions {
  const { source, augmentation } = options;
  if (source?.length === 0) {
    throw new UserError("source names nothing; give a folder of photos, or leave it out");
  }
  const resolved: ResolvedOptions = {
    source: typeof source === "string" ? [source] : source,
    facades: options.facades ?? "street",
    seed: options.seed ?? 1,
    batch: options.batch ?? 64,
    size: options.size ?? 64,
    workers: options.workers ?? Math.min(navigator.hardwareConcurrency, 8),
    shuffle: options.shuffle ?? true,
    augmentation: augmentation === false
      ? NO_AUGMENTATION
      : { ...DEFAULT_AUGMENTATION, ...augmentation },
    holdout: options.holdout ?? 0,
    part: options.part ?? "training",
    layout: options.layout ?? "whole",
    trimBorder: options.trimBorder ?? false,
    background: options.background ?? [255, 255, 255],
    cacheBytes: options.cacheBytes ?? 2 ** 32,
    cacheDir: options.cacheDir === undefined ? defaultCacheDir() : options.cacheDir,
    memoryBudget: options.memoryBudget ?? 2 ** 30,
    prefetch: options.prefetch ?? 8,
    maxPixels: options.maxPixels ?? MAX_PIXELS,
    minIntact: options.minIntact ?? 0.9,
    jobTimeout: options.jobTimeout ?? 10_000,
    onProgress: options.onProgress ?? (() => {}),
    onSkipped: options.onSkipped ?? (() => {}),
    onOthers: options.onOthers ?? (() => {}),
    onFlawed: options.onFlawed ?? (() => {}),
    onUncached: onceOnly(options.onUncached),
  };
  check("seed", resolved.seed, 0, 2 ** 32 - 1);
  check("batch", resolved.batch, 1, 65_536);
  check("size", resolved.size, 16, 512);
  check("workers", resolved.workers, 1, 256);
  check("prefetch", resolved.prefetch, 1, 1024);
  check("cacheBytes", resolved.cacheBytes, 0, 2 ** 40);
  check("memoryBudget", resolved.memoryBudget, 0, 2 ** 40);
  check("maxPixels", resolved.maxPixels, 256, 2 ** 30);
  check("jobTimeout", resolved.jobTimeout, 1, 2 ** 31 - 1);
  for (const level of resolved.background) check("background", level, 0, 255);
  if (!(resolved.holdout >= 0 && resolved.holdout < 1)) {
    throw new UserError(`holdout must be at least 0 and less than 1, got ${resolved.holdout}`);
  }
  if (!(resolved.minIntact >= 0 && resolved.minIntact <= 1)) {
    throw new UserError(`minIntact must be from 0 to 1, got ${resolved.minIntact}`);
  }
  if (!FACADE_STYLES.includes(resolved.facades)) {
    throw new UserError(`facades must be ${FACADE_STYLES.join(" or ")}, got ${resolved.facades}`);
  }
  if (!["whole", "left", "right"].includes(resolved.layout)) {
    throw new UserError(`layout must be whole, left or right, got ${resolved.layout}`);
  }
  const { crop, brightness, contrast } = resolved.augmentation;
  if (crop && !(crop[0] >= 0.1 && crop[0] <= crop[1] && crop[1] <= 1)) {
    throw new UserError(
      `the crop must be two fractions from 0.1 to 1, the smaller first, got ${crop.join(",")}`,
    );
  }
  for (const [name, value] of Object.entries({ brightness, contrast })) {
    if (!(value >= 0 && value < 1)) {
      throw new UserError(`${name} must be at least 0 and less than 1, got ${value}`);
    }
  }
  return resolved;
}

function onceOnly(tell: (why: string) => void = () => {}): (why: string) => void {
  let told = false;
  return (why) => {
    if (!told) tell(`the photos are not kept in the cache, and decoded anew at each start: ${why}`);
    told = true;
  };
}

function check(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new UserError(`${name} must be a whole number from ${low} to ${high}, got ${value}`);
  }
}
