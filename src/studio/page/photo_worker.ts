/**
 * The page's photos: decoded by the browser, then cropped and lit as the program does it, by the same
 * counter-based randomness, in a thread of its own.
 *
 * @module
 */

import { drawView, renderView } from "../../data/augment.ts";
import { DEFAULT_AUGMENTATION } from "../../data/options.ts";
import { photoOrder } from "../../data/order.ts";
import { keptSide, reducePhoto } from "../../data/reduce.ts";
import type { RgbImage } from "../../image/image.ts";
import { drawFacade, type FacadeStyle } from "../../synth/facade.ts";

/** Photos to decode, or the kind of facades to draw. */
export type PhotoChoice = readonly File[] | FacadeStyle;

/** What the page asks for. */
export type PhotoRequest =
  /** Get photos ready. */
  | { readonly kind: "open"; readonly choice: PhotoChoice; readonly size: number }
  /** Make the batch of a step. */
  | {
    readonly kind: "batch";
    readonly step: number;
    readonly batch: number;
    readonly size: number;
    readonly seed: number;
  };

/** What it gets. */
export type PhotoReply =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "ready"; readonly count: number; readonly unusable: readonly string[] }
  | { readonly kind: "batch"; readonly step: number; readonly pixels: Uint8Array<ArrayBuffer> };

const DRAWN = 320;
/** Larger photos are reduced by the browser while it decodes. */
const LONGEST = 2048;

let photos: RgbImage[] = [];
/** The size that the photos were reduced for. */
let reducedFor = 0;
let order: { seed: number; of: ReturnType<typeof photoOrder> } | undefined;

const worker = globalThis as unknown as {
  onmessage: (event: MessageEvent<PhotoRequest>) => void;
  postMessage(reply: PhotoReply, transfer?: Transferable[]): void;
};

worker.onmessage = ({ data }) => {
  if (data.kind === "open") void open(data.choice, data.size);
  else batch(data);
};

/** Counts what was opened: while files are decoded others may be chosen. */
let openings = 0;

async function open(choice: PhotoChoice, size: number): Promise<void> {
  const opening = ++openings;
  const found: RgbImage[] = [];
  const total = typeof choice === "string" ? DRAWN : choice.length;
  const side = keptSide(size, DEFAULT_AUGMENTATION);
  const unusable: string[] = [];
  for (let i = 0; i < total; i++) {
    try {
      const image = typeof choice === "string"
        ? drawFacade(1, i, 192, 192, choice)
        : await decode(choice[i]);
      found.push(reducePhoto(image, { side, layout: "whole", trimBorder: false }));
    } catch {
      unusable.push(typeof choice === "string" ? "" : choice[i].name);
    }
    if (opening !== openings) return;
    if (i % 8 === 0) worker.postMessage({ kind: "progress", done: i, total });
  }
  [photos, order, reducedFor] = [found, undefined, size];
  worker.postMessage({ kind: "ready", count: photos.length, unusable });
}

/** The browser turns and colours it as its metadata say. */
async function decode(file: File): Promise<RgbImage> {
  let bitmap = await createImageBitmap(file);
  const scale = LONGEST / Math.max(bitmap.width, bitmap.height);
  if (scale < 1) {
    const whole = bitmap;
    bitmap = await createImageBitmap(whole, {
      resizeWidth: Math.round(whole.width * scale),
      resizeHeight: Math.round(whole.height * scale),
      resizeQuality: "high",
    });
    whole.close();
  }
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d")!;
  context.fillStyle = "#fff"; // behind transparent pixels, as the program has it
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = rgba[4 * i + c];
  }
  return { width, height, data };
}

function batch(
  { step, batch, size, seed }: Extract<PhotoRequest, { readonly kind: "batch" }>,
): void {
  if (size !== reducedFor) throw new Error(`photos were reduced for ${reducedFor}, not ${size}`);
  if (order?.seed !== seed) order = { seed, of: photoOrder(photos.length, seed) };
  const each = 3 * size * size;
  const pixels = new Uint8Array(batch * each);
  const out = new Uint8ClampedArray(each);
  for (let row = 0; row < batch; row++) {
    const sample = step * batch + row;
    const epoch = Math.floor(sample / photos.length);
    const at = order.of(epoch, sample % photos.length);
    const photo = photos[at];
    const view = drawView(DEFAULT_AUGMENTATION, seed, epoch, at, photo.width, photo.height);
    renderView(photo, view, size, out);
    pixels.set(out, row * each);
  }
  worker.postMessage({ kind: "batch", step, pixels }, [pixels.buffer]);
}
