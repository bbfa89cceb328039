/** The page of browser_replay_test.ts: replays a recording with the core alone. */

import { openGpu, replayRecording, type VerifyReport } from "../browser.ts";
import { setKernelSelector, VARIANTS } from "../src/ops/conv/selection.ts";

declare global {
  /**
   * Replays the recording at a URL, on the kernels that this browser gets and, where a variant is
   * named, on that one.
   */
  var replay: (url: string, variant?: string) => Promise<VerifyReport>;
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
