/**
 * `generate`: draws pictures with a trained generator.
 *
 * @module
 */

import { basename, join } from "node:path";
import { refuseFolder, writeFileAtomic } from "../../files/atomic.ts";
import { encodeGif } from "../../image/gif.ts";
import { makeGrid, type RgbImage } from "../../image/image.ts";
import { encodePng } from "../../image/png_encoder.ts";
import { upscale } from "../../image/resample.ts";
import { encodeSafetensors } from "../../format/safetensors.ts";
import type { Checkpoint } from "../../train/checkpoint.ts";
import { type LoadedGenerator, openGenerator } from "../../train/loaded_generator.ts";
import type { GENERATE } from "../commands/generate.ts";
import type { OptionsOf } from "../declare.ts";
import type { Invocation } from "../invocation.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { VERSION } from "../../host/versions.ts";
import { openCheckpoint } from "./open_checkpoint.ts";
import { checkPictureName, encodePicture } from "./picture_file.ts";
import { noiseOfSeed, noiseOfSeeds, noiseOfWalk, type PictureNoise } from "../../train/noise.ts";

type Options = OptionsOf<typeof GENERATE>;

/** Draws pictures and writes them. */
export async function generate(invocation: Invocation<typeof GENERATE>): Promise<number> {
  const { options, given } = invocation;
  refuseContradictions(options, given);
  for (const path of [options.out, options["save-tensors"]]) {
    if (path !== undefined) await refuseFolder(path);
  }
  const { path, checkpoint } = await openCheckpoint(options.checkpoint, warn);
  using gpu = await openTunedGpu();
  using generator = openGenerator(
    gpu,
    checkpoint,
    options.weights === undefined ? {} : { weights: options.weights },
  );
  const { noise, labels } = chooseNoise(options, checkpoint.settings.nz);
  const drawn = await generator.generate(noise);
  const { size } = drawn;
  const images = drawn.images().map((image) => upscale(image, options.upscale, options.filter));
  const text = (seed: string): Record<string, string> =>
    pictureText(seed, path, checkpoint, generator, options);
  const written = options.interpolate
    ? await writeWalk(options, images, text(labels[0].replace(/, frame.*/, "")))
    : await writeGrid(options, images, text(String(options.seeds ?? options.seed)));
  if (options.singles !== undefined) {
    for (const [i, image] of images.entries()) {
      const name = `${String(i).padStart(4, "0")}.png`;
      await writeFileAtomic(join(options.singles, name), encodePng(image, text(labels[i])));
    }
    written.push(`${options.singles} (${images.length} pictures)`);
  }
  if (options["save-tensors"] !== undefined) {
    const { nz, channels } = checkpoint.settings;
    const count = images.length;
    const area = size * size;
    // A grey picture's three planes are equal.
    const planes = channels === 3 ? drawn.data : drawn.data.filter((_, i) => i % (3 * area) < area);
    const tensors = encodeSafetensors([
      ["noise", { shape: [count, nz, 1, 1], data: noise }],
      ["images", { shape: [count, channels, size, size], data: planes }],
    ], text(String(options.seeds ?? options.seed)));
    await writeFileAtomic(options["save-tensors"], tensors);
    written.push(options["save-tensors"]);
  }
  if (!options.quiet) {
    TERMINAL.write(
      `${images.length} pictures of ${path} (${generator.weights} weights, step ` +
        `${checkpoint.stepsDone}):\n${written.map((file) => `  ${file}\n`).join("")}`,
    );
  }
  return 0;
}

function refuseContradictions(
  options: Options,
  given: Invocation<typeof GENERATE>["given"],
): void {
  const { interpolate, seeds, grid, count, out } = options;
  if (out !== undefined) checkPictureName(out, interpolate !== undefined);
  if (interpolate && (seeds || count !== undefined)) {
    throw new UsageError("--interpolate A B goes with --frames, not with --seeds or --count.");
  }
  if (seeds && given.get("seed") === "command line") {
    throw new UsageError("Give --seed or --seeds, not both.");
  }
  if (seeds && count !== undefined && count !== seeds.length) {
    throw new UsageError(`--seeds names ${seeds.length} pictures, --count asks for ${count}.`);
  }
  const pictures = seeds?.length ?? count;
  if (grid && pictures !== undefined && grid.rows * grid.columns < pictures) {
    throw new UsageError(
      `--grid ${grid.rows}x${grid.columns} has no room for ${pictures} pictures.`,
    );
  }
}

function chooseNoise(options: Options, nz: number): PictureNoise {
  const { interpolate, frames, seeds, seed, count, grid, truncation } = options;
  if (interpolate) return noiseOfWalk(interpolate, frames, nz, truncation);
  if (seeds) return noiseOfSeeds(seeds, nz, truncation);
  return noiseOfSeed(count ?? (grid ? grid.rows * grid.columns : 64), nz, seed, truncation);
}

async function writeGrid(
  options: Options,
  images: readonly RgbImage[],
  text: Record<string, string>,
): Promise<string[]> {
  const path = options.out ?? "samples.png";
  const layout = options.grid ? { columns: options.grid.columns } : {};
  await writeFileAtomic(path, encodePicture(path, makeGrid(images, layout), text));
  return [path];
}

/** There and back again as a GIF, every frame once as a sheet. */
async function writeWalk(
  options: Options,
  images: readonly RgbImage[],
  text: Record<string, string>,
): Promise<string[]> {
  const path = options.out ?? "walk.gif";
  const stem = path.replace(/\.(gif|png)$/i, "");
  const frames = [...images, ...images.slice(1, -1).toReversed()];
  const comment = JSON.stringify(text);
  await writeFileAtomic(`${stem}.gif`, encodeGif(frames, { delay: 80, lastDelay: 80, comment }));
  const layout = options.grid ? { columns: options.grid.columns } : {};
  await writeFileAtomic(`${stem}.png`, encodePng(makeGrid(images, layout), text));
  return [`${stem}.gif`, `${stem}.png`];
}

function pictureText(
  seed: string,
  path: string,
  checkpoint: Checkpoint,
  generator: LoadedGenerator,
  options: Options,
): Record<string, string> {
  return {
    Software: `facadegan ${VERSION}`,
    Seed: seed,
    Step: String(checkpoint.stepsDone),
    Checkpoint: basename(path), // pictures are passed on, people's folders are not
    Settings: JSON.stringify({
      ...checkpoint.settings,
      weights: generator.weights,
      ...(options.truncation === undefined ? {} : { truncation: options.truncation }),
    }),
  };
}
