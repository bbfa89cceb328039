/** The page of browser_replay_test.ts: replays recordings and computes products, with the core alone. */

import { openGpu, replayRecording, type VerifyReport } from "../browser.ts";
import { setKernelSelector, VARIANTS } from "../src/ops/conv/selection.ts";
import { type AugmentationErrors, augmentationErrors, AUGMENTATIONS } from "./augmentations.ts";
import { oddProducts, type ProductError } from "./conv_products.ts";

declare global {
  /**
   * Replays the recording at a URL, on the kernels that this browser gets and, where a variant is
   * named, on that one.
   */
  var replay: (url: string, variant?: string) => Promise<VerifyReport>;
  /** Computes all products at odd shapes, by these variants. */
  var products: (variants: readonly string[]) => Promise<ProductError[]>;
  /** Computes all augmentations and their gradients, in the order of AUGMENTATIONS. */
  var augmentations: () => Promise<AugmentationErrors[]>;
}

globalThis.replay = async (url, variant) => {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  using gpu = await openGpu();
  if (variant !== undefined && !VARIANTS.some(({ name }) => name === variant)) {
    throw new Error(`there is no variant ${variant}`);
  }
  setKernelSelector(gpu, () => variant);
  return await replayRecording(gpu, bytes, {
    name: url,
    kernels: variant === undefined ? "both" : "training",
  });
};

globalThis.products = async (variants) => {
  using gpu = await openGpu();
  return await oddProducts(gpu, variants);
};

globalThis.augmentations = async () => {
  using gpu = await openGpu();
  const errors: AugmentationErrors[] = [];
  for (const spec of AUGMENTATIONS) errors.push(await augmentationErrors(gpu, spec));
  return errors;
};
