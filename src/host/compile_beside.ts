/**
 * A first start on Mesa's software adapter. It compiles a kernel when that is first dispatched, in the one
 * thread that a device has for its queue, and keeps the result on disk for every device and process. So
 * a second device, which is the trainer's twin, compiles the same kernels from the last to the first; where
 * the two meet, each finds on disk what the other made.
 *
 * @module
 */

import { join } from "node:path";
import { writeFileAtomic } from "../files/atomic.ts";
import { cacheDir } from "../files/cache_dir.ts";
import { readVariable } from "../files/variable.ts";
import { copyKernelSelector } from "../ops/conv/selection.ts";
import { Trainer } from "../train/trainer.ts";
import { openGpu } from "./open_gpu.ts";
import { VERSIONS } from "./versions.ts";

/** A twin's memory is worth it up to here: batch times width. */
const LARGEST = 1024;

/**
 * Has the trainer's kernels compiled, and a second device help where this is the first time here. Returns
 * while that goes on.
 *
 * @returns Waits until it is done and frees the second device; to be called before the process may end.
 */
export async function compileBeside(trainer: Trainer): Promise<() => Promise<void>> {
  const { settings, gpu } = trainer;
  const marker = markerPath(trainer);
  const small = settings.batch * settings.width <= LARGEST;
  const before = !marker || await Deno.stat(marker).then(() => true, () => false);
  if (!gpu.software || !small || before) {
    trainer.compileAhead();
    return async () => {};
  }
  // Before the driver is busy: opening an adapter waits for what it reads from a texture.
  const second = await openGpu();
  trainer.compileAhead();
  copyKernelSelector(gpu, second);
  const twin = Trainer.create(second, settings);
  twin.compileAhead({ backwards: true });
  return async () => {
    try {
      await twin.finished();
      await Deno.mkdir(join(marker, ".."), { recursive: true });
      await writeFileAtomic(marker, "");
    } catch {
      // The twin only ever saves time; and without a marker the next start has one again.
    } finally {
      twin.destroy();
      second.close();
    }
  };
}

/** The file that says that a trainer's kernels were compiled here before; where there is a place for it. */
function markerPath({ settings, gpu }: Trainer): string | undefined {
  const folder = cacheDir();
  if (!folder) return undefined;
  const {
    size,
    width,
    nz,
    batch,
    loss,
    half,
    upsample,
    channels,
    normD,
    diffAugment,
    instanceNoise,
  } = settings;
  const identity = [
    gpu.summary.name,
    VERSIONS.facadegan,
    `deno ${VERSIONS.deno}`,
    ...[size, width, nz, batch, loss, half ? "half" : "single", upsample, `${channels}c`],
    normD,
    diffAugment,
    instanceNoise,
    readVariable("MESA_SHADER_CACHE_DIR") ?? "",
  ].join(" ");
  return join(folder, "compiled", identity.replace(/[^\w.]+/g, "-"));
}
