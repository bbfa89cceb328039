/**
 * A look at a set of photos before training on it: what there is, what cannot be used, what is
 * there twice, and what the network will see.
 *
 * @module
 */

import type { RgbImage } from "../image/image.ts";
import { makeGrid } from "../image/image.ts";
import { openDataset } from "./dataset.ts";
import { sniff } from "../image/kinds.ts";
import { findNearDuplicates, hashPhoto } from "./duplicates.ts";
import type { DatasetOptions, OtherFiles, Skipped } from "./options.ts";
import { readSize } from "../image/picture_size.ts";
import { headerOf, type Item } from "./items.ts";
import { listPictures } from "./sources.ts";

/** Options of {@linkcode inspectDataset}: those of a dataset that shape its photos. */
export type InspectOptions =
  & Pick<
    DatasetOptions,
    | "layout"
    | "size"
    | "trimBorder"
    | "background"
    | "cacheDir"
    | "maxPixels"
    | "minIntact"
    | "workers"
    | "memoryBudget"
    | "onProgress"
  >
  & {
    /** Folders, picture files, tar and zip files. */
    readonly source: string | readonly string[];
    /** Photos on the contact sheet, spread evenly over the set; default 96. */
    readonly sheet?: number;
  };

/** What {@linkcode inspectDataset} found. */
export interface Inspection {
  /** Picture files found. */
  readonly files: number;
  /** Those that can be used. */
  readonly usable: number;
  /** Those that cannot, and why. */
  readonly unreadable: readonly Skipped[];
  /** Kinds of files that are not read. */
  readonly others: readonly OtherFiles[];
  /** Those that are used though part of them is missing, and how much. */
  readonly flawed: readonly Skipped[];
  /** Groups of usable files that look alike. */
  readonly duplicates: readonly (readonly string[])[];
  /** How many files of each format, told by their content. */
  readonly formats: Readonly<Record<string, number>>;
  /** How many pictures of each size, as stored: `"256x256": 400`; the most frequent first. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Mean red, green and blue of all photos, 0 to 255. */
  readonly meanColor: readonly [number, number, number];
  /** What the network sees without augmentation, side by side. */
  readonly contactSheet: RgbImage;
}

const BATCH = 64;
/**
 * Inspects photos.
 *
 * @throws {UserError} If a source is missing or holds no usable picture.
 */
export async function inspectDataset(options: InspectOptions): Promise<Inspection> {
  const { source, sheet = 96, size = 64, ...rest } = options;
  const flawed: Skipped[] = [];
  const others: OtherFiles[] = [];
  await using data = await openDataset({
    ...rest,
    size,
    source,
    batch: BATCH,
    shuffle: false,
    augmentation: false,
    onFlawed: (one) => flawed.push(one),
    onOthers: (kind) => others.push(kind),
  });
  const { items } = await listPictures(typeof source === "string" ? [source] : source);
  const skipped = new Set(data.skipped.map(({ path }) => path));
  const names = items.map(({ name }) => name).filter((name) => !skipped.has(name));
  const shown = new Set(
    Array.from(
      { length: Math.min(sheet, data.count) },
      (_, i, count = Math.min(sheet, data.count)) => Math.floor(i * data.count / count),
    ),
  );
  const hashes: Uint32Array[] = [];
  const pictures: RgbImage[] = [];
  const sums = [0, 0, 0];
  for await (const { step, pixels } of data.batches()) {
    for (let row = 0; row < BATCH && step * BATCH + row < data.count; row++) {
      const start = row * 3 * size * size;
      const photo = {
        width: size,
        height: size,
        data: pixels.slice(start, start + 3 * size * size),
      };
      for (let i = 0; i < photo.data.length; i++) sums[i % 3] += photo.data[i];
      hashes.push(hashPhoto(photo));
      if (shown.has(step * BATCH + row)) pictures.push(photo);
    }
    if ((step + 1) * BATCH >= data.count) break;
  }
  const mean = (c: number): number => sums[c] / (data.count * size * size);
  return {
    files: items.length,
    usable: data.count,
    unreadable: data.skipped,
    others,
    flawed: flawed.sort((a, b) => a.path < b.path ? -1 : 1),
    duplicates: findNearDuplicates(hashes).map((group) => group.map((index) => names[index])),
    ...countKinds(items),
    meanColor: [mean(0), mean(1), mean(2)],
    contactSheet: makeGrid(pictures, { columns: 12, gap: 2 }),
  };
}

/** Formats and sizes, from the files' headers. */
function countKinds(items: readonly Item[]): Pick<Inspection, "formats" | "sizes"> {
  const formats = new Map<string, number>();
  const sizes = new Map<string, number>();
  const count = (map: Map<string, number>, key: string): unknown =>
    map.set(key, (map.get(key) ?? 0) + 1);
  for (const item of items) {
    const start = headerOf(item);
    count(formats, sniff(start) ?? "other");
    const size = readSize(start);
    if (size) count(sizes, `${size.width}x${size.height}`);
  }
  const sorted = (map: Map<string, number>): Record<string, number> =>
    Object.fromEntries([...map].sort(([, a], [, b]) => b - a));
  return { formats: sorted(formats), sizes: sorted(sizes) };
}
