import assert from "node:assert/strict";
import { join } from "node:path";
import { makeGrid } from "../src/image/image.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";
import { type Finished, type FinishProgress, finishRun } from "../src/run/finish.ts";
import { RunFolder } from "../src/run/folder.ts";
import type { RunConfig } from "../src/run/run_config.ts";
import { DEFAULT_SETTINGS } from "../src/train/settings.ts";

const CONFIG = {
  options: {},
  train: { ...DEFAULT_SETTINGS, size: 32 },
  photos: { source: "noise", count: 4 },
  versions: { facadegan: "0" },
  kernels: {},
  adapter: { name: "none" } as unknown as RunConfig["adapter"],
  sessions: [{ time: "2026-01-01T00:00:00Z", fromStep: 0, toStep: 3, seconds: 1 }],
} as RunConfig;

/** A run of some sample grids of noise. */
async function withRun(
  grids: number,
  body: (run: RunFolder) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const run = new RunFolder(join(folder, "run"));
    await Deno.mkdir(join(run.path, "samples"), { recursive: true });
    for (let step = 0; step < grids; step++) {
      const pictures = Array.from({ length: 4 }, (_, picture) => ({
        width: 32,
        height: 32,
        data: Uint8Array.from(
          { length: 3 * 32 * 32 },
          (_, i) => hash4(i, picture, step, 0)[0] & 255,
        ),
      }));
      await Deno.writeFile(run.sample(step), encodePng(makeGrid(pictures)));
    }
    await body(run);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function finish(run: RunFolder, budget?: number): Promise<{
  readonly told: readonly FinishProgress[];
  readonly finished: Finished;
}> {
  const told: FinishProgress[] = [];
  const options = { stepsDone: 3, warnings: [], ...(budget === undefined ? {} : { budget }) };
  const finishing = finishRun(run, CONFIG, options);
  for (;;) {
    const { done, value } = await finishing.next();
    if (done) return { told, finished: value };
    told.push(value);
  }
}

/** The steps that the report's slider shows. */
async function stepsShown(run: RunFolder): Promise<number[]> {
  const page = await Deno.readTextFile(run.report);
  return [...page.matchAll(/data-step="(\d+)"/g)].map(([, step]) => Number(step));
}

Deno.test("a report shows all samples of a short run and tells how far it is", () =>
  withRun(5, async (run) => {
    const { told, finished } = await finish(run, Infinity);
    assert.deepEqual(await stepsShown(run), [0, 1, 2, 3, 4]);
    assert.deepEqual(told.map(({ done, total }) => [done, total]), [
      [0, 5],
      [1, 5],
      [2, 5],
      [3, 5],
      [4, 5],
    ]);
    assert.deepEqual(finished.damaged, []);
    for (const path of finished.written) await Deno.stat(path);
  }));

Deno.test("out of time a report has fewer frames, the first and the last among them", () =>
  withRun(12, async (run) => {
    await finish(run, 0);
    assert.deepEqual(await stepsShown(run), [0, 11]);
    await Deno.stat(run.growth);
  }));

Deno.test("a damaged sample picture costs its frame alone, and is named in the report", () =>
  withRun(4, async (run) => {
    await Deno.truncate(run.sample(1), 60);
    await Deno.writeTextFile(run.sample(3), "no picture");
    const { finished } = await finish(run, Infinity);
    assert.deepEqual(await stepsShown(run), [0, 2]);
    assert.deepEqual(finished.damaged.toSorted(), [run.sample(1), run.sample(3)]);
    assert.match(await Deno.readTextFile(run.report), /step_0000003\.png are damaged and left out/);
  }));

Deno.test("a run without a single whole sample has a report", () =>
  withRun(1, async (run) => {
    await Deno.truncate(run.sample(0));
    await finish(run);
    assert.match(await Deno.readTextFile(run.report), /No samples yet/);
  }));
