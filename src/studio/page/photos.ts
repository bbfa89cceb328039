/**
 * Batches of the page's photos, made ahead by the worker.
 *
 * @module
 */

import type { BatchSource } from "../../../browser.ts";
import type { PhotoChoice, PhotoReply, PhotoRequest } from "./photo_worker.ts";

export type { PhotoChoice };

/** Photos that were opened. */
export interface OpenPhotos {
  /** How many can be used. */
  readonly count: number;
  /** The names of those that cannot. */
  readonly unusable: readonly string[];
}

/** The page's photos. */
export class Photos {
  readonly #worker = new Worker("photo_worker.js", { type: "module" });
  readonly #waiting = new Map<number, (pixels: Uint8Array<ArrayBuffer>) => void>();
  readonly #batches = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();
  #opening: {
    progress: (done: number, total: number) => void;
    ready: (photos: OpenPhotos) => void;
  } | undefined;
  #count = 0;

  /** Starts the worker. */
  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<PhotoReply>) => {
      if (data.kind === "progress") this.#opening?.progress(data.done, data.total);
      if (data.kind === "ready") {
        this.#count = data.count;
        this.#opening?.ready(data);
        this.#opening = undefined;
      }
      if (data.kind === "batch") {
        this.#waiting.get(data.step)?.(data.pixels);
        this.#waiting.delete(data.step);
      }
    };
  }

  /** Decodes files, or draws facades; who is overtaken by another call gets that one's. */
  open(
    choice: PhotoChoice,
    size: number,
    progress: (done: number, total: number) => void,
  ): Promise<OpenPhotos> {
    this.#batches.clear();
    return new Promise((resolve) => {
      const overtaken = this.#opening;
      const ready = (photos: OpenPhotos): void => {
        overtaken?.ready(photos);
        resolve(photos);
      };
      this.#opening = { progress, ready };
      this.#send({ kind: "open", choice, size });
    });
  }

  /** Batches for trainers: those that ask for the same step get the same photos. */
  source(
    { batch, size, seed }: { readonly batch: number; readonly size: number; readonly seed: number },
  ): BatchSource {
    const ask = (step: number): Promise<Uint8Array<ArrayBuffer>> => {
      let pixels = this.#batches.get(step);
      if (!pixels) {
        pixels = new Promise((resolve) => this.#waiting.set(step, resolve));
        this.#batches.set(step, pixels);
        this.#send({ kind: "batch", step, batch, size, seed });
      }
      return pixels;
    };
    this.#batches.clear();
    return {
      stepsPerEpoch: Math.ceil(this.#count / batch),
      batch: async (step) => {
        const pixels = ask(step);
        void ask(step + 1); // made while this one is trained on
        for (const old of this.#batches.keys()) if (old < step - 64) this.#batches.delete(old);
        return { pixels: await pixels };
      },
    };
  }

  /** Ends the worker. */
  close(): void {
    this.#worker.terminate();
  }

  #send(request: PhotoRequest): void {
    this.#worker.postMessage(request);
  }
}
