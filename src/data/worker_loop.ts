/**
 * What an image worker does: one phase of work at a time, its jobs taken from a
 * {@linkcode JobBoard}.
 *
 * A phase runs without returning to the worker's event loop; reports go out as messages, the work
 * itself through shared memory.
 *
 * @module
 */

import { drawView, renderView } from "./augment.ts";
import { photoOrder } from "./order.ts";
import type { Decode } from "../image/decode.ts";
import { GivenUp, type Job, JobBoard } from "./job_board.ts";
import { UserError } from "../errors.ts";
import type { Augmentation } from "./options.ts";
import { PhotoError } from "../image/photo_error.ts";
import { Photos, type PhotoSettings } from "./photos.ts";
import { drawFacadeFile, type FacadeFile } from "./facade_file.ts";

/** A phase's work: draw facades, decode photos, or make batches of them. */
export type Phase =
  | { readonly kind: "draw"; readonly files: readonly FacadeFile[] }
  | { readonly kind: "decode"; readonly photos: PhotoSettings }
  | { readonly kind: "batch"; readonly photos: PhotoSettings; readonly batches: BatchSettings };

/** What the batches are made of; job `slot * batch + row` is one picture of one batch. */
export interface BatchSettings {
  /** Indices of the usable items. */
  readonly usable: Uint32Array;
  /** Seed of order and augmentation. */
  readonly seed: number;
  /** Whether the order is random. */
  readonly shuffle: boolean;
  /** The random changes. */
  readonly augmentation: Augmentation;
  /** Pictures in a batch. */
  readonly batch: number;
  /** Pixels a side. */
  readonly size: number;
  /** The step each slot is for. */
  readonly steps: Int32Array<SharedArrayBuffer>;
  /** The pictures still missing in each slot. */
  readonly missing: Int32Array<SharedArrayBuffer>;
  /** The slots' pixels. */
  readonly pixels: Uint8Array<SharedArrayBuffer>;
}

/** To a worker: start a phase. */
export interface StartMessage {
  /** The worker's number, never used again after its death. */
  readonly worker: number;
  /** Its place among the workers alive. */
  readonly place: number;
  /** The board's memory. */
  readonly board: Int32Array<SharedArrayBuffer>;
  /** The work. */
  readonly phase: Phase;
}

/**
 * From a worker: a file cannot be used (drawing: written), or is used though it has a flaw; the cache
 * cannot be written to; or the phase is over and all its reports are sent.
 */
export type Report =
  | { readonly kind: "skipped" | "flawed"; readonly index: number; readonly reason: string }
  | { readonly kind: "uncached"; readonly reason: string }
  | { readonly kind: "idle"; readonly decoded: number; readonly cached: number };

/** Works on a phase until its board says stop, or this worker was given up. */
export function runPhase(
  { worker, place, board: words, phase }: StartMessage,
  decode: Decode,
  send: (report: Report) => void,
): void {
  const board = new JobBoard(words);
  // Sent with the rest of what came of the job: one that another worker does again is not told of twice.
  const reports: Report[] = [];
  using photos = phase.kind === "draw" ? undefined : new Photos(
    phase.photos,
    decode,
    (work) => board.exclusive(worker, place, work),
    (index, reason) => reports.push({ kind: "flawed", index, reason }),
    (reason) => reports.push({ kind: "uncached", reason }),
  );
  const skip = (index: number, error: unknown): void => {
    if (!(error instanceof PhotoError)) throw error;
    reports.push({ kind: "skipped", index, reason: error.message });
  };
  const work = phase.kind === "draw"
    ? drawJob(phase.files, (index, reason) => reports.push({ kind: "skipped", index, reason }))
    : phase.kind === "decode"
    ? decodeJob(photos!, skip)
    : batchJob(photos!, phase.batches, skip);
  try {
    do {
      for (let job = board.take(worker, place); job; job = board.take(worker, place)) {
        reports.length = 0;
        const result = work(job);
        const mine = board.finish(worker, job, () => {
          result?.write();
          for (const report of reports) {
            board.countReport();
            send(report);
          }
        });
        if (mine) result?.closed();
      }
    } while (board.sleep());
  } catch (error) {
    if (error instanceof GivenUp) return;
    throw error;
  }
  send({ kind: "idle", decoded: photos?.decoded ?? 0, cached: photos?.cached ?? 0 });
}

/** What is left to do of a job if it is still this worker's at its end. */
interface Result {
  /** Writes what came of it to where others see it. */
  write(): void;
  /** Called when the job is closed. */
  closed(): void;
}
type Work = (job: Job) => void | Result;
type Skip = (index: number, error: unknown) => void;

function drawJob(files: readonly FacadeFile[], fail: (index: number, why: string) => void): Work {
  return ({ index }) => {
    try {
      drawFacadeFile(files[index]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      fail(index, error.message);
    }
  };
}

function decodeJob(photos: Photos, skip: Skip): Work {
  return ({ index }) => {
    try {
      photos.get(index);
    } catch (error) {
      skip(index, error);
    }
  };
}

function batchJob(photos: Photos, settings: BatchSettings, skip: Skip): Work {
  const { usable, seed, augmentation, batch, size, steps, missing, pixels } = settings;
  const bytes = 3 * size * size;
  const out = new Uint8ClampedArray(bytes);
  const order = photoOrder(usable.length, seed, settings.shuffle);
  return ({ index, attempt }) => {
    const slot = Math.floor(index / batch);
    const sample = Atomics.load(steps, slot) * batch + index % batch;
    const epoch = Math.floor(sample / usable.length);
    // A photo that killed two workers, or whose file has vanished, is replaced by the next one.
    for (let skipped = Math.max(0, attempt - 1); skipped < usable.length; skipped++) {
      const at = order(epoch, (sample + skipped) % usable.length);
      try {
        const photo = photos.get(usable[at]);
        renderView(
          photo,
          drawView(augmentation, seed, epoch, at, photo.width, photo.height),
          size,
          out,
        );
        break;
      } catch (error) {
        skip(usable[at], error);
      }
    }
    return {
      write: () => pixels.set(out, index * bytes),
      closed: () => {
        if (Atomics.sub(missing, slot, 1) === 1) Atomics.notify(missing, slot);
      },
    };
  };
}
