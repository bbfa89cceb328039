/**
 * Judging a generator's samples by photos.
 *
 * @module
 */

import { memorisedShare, type Nearest } from "../quality/nearest.ts";
import { type PatchSet, takePatches } from "../quality/patches.ts";
import { checkComparable, type PictureSet } from "../quality/picture_set.ts";
import type { Swd } from "../quality/sliced_wasserstein.ts";
import { distance, sharedFloats, Threads } from "./threads.ts";

/** Photos to judge by. */
export interface JudgePhotos {
  /** Photos that the network has never seen; where all were trained on, those. */
  readonly reference: PictureSet;
  /** The photos trained on; undefined where `reference` holds them. */
  readonly training: PictureSet | undefined;
}

/** What is found of a set of samples. */
export interface Judgement {
  /** Sliced Wasserstein distance to the reference, times 1,000, by level and on average. */
  readonly swd: Swd;
  /** The same, on average, between photos and photos: no generator can be expected below. */
  readonly floor: number;
  /** Mean MS-SSIM between pairs of samples: high where they are all alike. */
  readonly ms_ssim: number;
  /** Share of the samples more like a training photo than those are like each other. */
  readonly memorised: number;
  /** Samples judged. */
  readonly samples: number;
}

/** A judgement and what it rests on. */
export interface FullJudgement {
  /** The numbers. */
  readonly judgement: Judgement;
  /** The training photo nearest to each sample. */
  readonly nearest: readonly Nearest[];
  /** The similarity from which on a sample counts as memorised. */
  readonly memorisedAbove: number;
  /** Mean MS-SSIM between pairs of reference photos. */
  readonly photosMsSsim: number;
}

/** Judges sets of samples by the same photos: what hangs on the photos alone is found once. */
export class Judge {
  readonly #photos: JudgePhotos;
  readonly #seed: number;
  readonly #threads: number | undefined;
  #reference: readonly PatchSet[] | undefined;
  readonly #floors = new Map<number, Promise<number>>();
  #memorisedAbove: Promise<number> | undefined;
  #photosMsSsim: Promise<number> | undefined;

  /** Takes the photos; `seed` decides where patches lie and which directions are looked from. */
  constructor(
    photos: JudgePhotos,
    { seed = 1, threads }: { readonly seed?: number; readonly threads?: number } = {},
  ) {
    this.#photos = photos;
    this.#seed = seed;
    this.#threads = threads;
  }

  /**
   * Judges samples.
   *
   * @throws {UserError} If they are of another size than the photos, or there are fewer than two.
   */
  async judge(samples: PictureSet): Promise<FullJudgement> {
    const { reference, training } = this.#photos;
    checkComparable(samples, reference, 2);
    const seen = training ?? reference;
    using threads = new Threads(this.#threads);
    // Long jobs first, and the patches are taken while threads are at them.
    const found = [
      threads.ask("nearest", { samples, photos: seen }),
      threads.ask("meanMsSsim", samples),
    ] as const;
    this.#memorisedAbove ??= threads.ask("memorisedAbove", seen);
    this.#photosMsSsim ??= threads.ask("meanMsSsim", reference);
    this.#reference ??= this.#patches(reference);
    const [nearest, msSsim, memorisedAbove, photosMsSsim, floor, swd] = await Promise.all([
      ...found,
      this.#memorisedAbove,
      this.#photosMsSsim,
      this.#floor(threads, samples.count),
      distance(threads, [this.#patches(samples), this.#reference], this.#seed),
    ]);
    return {
      judgement: {
        swd,
        floor,
        ms_ssim: msSsim,
        memorised: memorisedShare(nearest, memorisedAbove),
        samples: samples.count,
      },
      nearest,
      memorisedAbove,
      photosMsSsim,
    };
  }

  /**
   * Training photos, as many as there are samples, against the reference; where there are none apart,
   * every other photo of the reference against the rest.
   */
  #floor(threads: Threads, samples: number): Promise<number> {
    const { reference, training } = this.#photos;
    const [a, b] = training
      ? [firstOf(training, samples), reference]
      : [everyOther(reference, 0), everyOther(reference, 1)];
    const known = this.#floors.get(a.count);
    if (known) return known;
    const floor = distance(threads, [this.#patches(a), this.#patches(b)], this.#seed)
      .then(({ avg }) => avg);
    this.#floors.set(a.count, floor);
    return floor;
  }

  #patches(set: PictureSet): PatchSet[] {
    return takePatches(set, this.#seed, sharedFloats);
  }
}

function firstOf(set: PictureSet, count: number): PictureSet {
  const kept = Math.min(count, set.count);
  return { ...set, count: kept, data: set.data.subarray(0, kept * 3 * set.size ** 2) };
}

function everyOther({ size, count, data }: PictureSet, from: number): PictureSet {
  const each = 3 * size * size;
  const half = Math.floor((count + 1 - from) / 2);
  const out = new Uint8Array(half * each);
  for (let i = 0; i < half; i++) {
    const at = (from + 2 * i) * each;
    out.set(data.subarray(at, at + each), i * each);
  }
  return { size, count: half, data: out };
}
