import assert from "node:assert/strict";
import { join } from "node:path";
import { saveCheckpoint } from "../src/files/checkpoint_file.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { RunFolder } from "../src/run/folder.ts";
import type { Checkpoint } from "../src/train/checkpoint.ts";
import { Trainer } from "../src/train/trainer.ts";
import { openGpu } from "../src/gpu/device.ts";
import { withPictures } from "./program.ts";

const SMALL = "--size 32 --width 4 --batch 2 --samples 4 --workers 1";

async function untrained(): Promise<Checkpoint> {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, { size: 32, width: 4, batch: 2 });
  return await trainer.snapshot();
}

Deno.test("train --on-nan rollback goes back three times from losses that are NaN, then ends with status 1 and a line", () =>
  withPictures(async (folder, train) => {
    const checkpoint = await untrained();
    // Finite, and so read; but what the discriminator makes of them is not.
    checkpoint.tensors.get("D.main.0.weight")!.data.fill(3e38);
    const huge = join(folder, "huge.safetensors");
    await saveCheckpoint(huge, checkpoint);
    const run = new RunFolder(join(folder, "run"));
    const { code, stdout, stderr } = await train(
      `${SMALL} --resume ${huge} --weights-only --steps 1000 --on-nan rollback --out ${run.path}`,
    );
    assert.equal(code, 1, stdout);
    const text = stdout + stderr;
    assert.match(text, /stopped being numbers \(NaN/);
    assert.doesNotMatch(text, /^\s+at /m, "no stack trace");
    assert.equal(text.match(/back (to|at) /g)?.length, 3, text);
    // Nothing that was computed from NaN is kept.
    assert.deepEqual((await run.checkpointSteps()).filter((step) => step > 0), []);
    assert.ok((await readMetrics(run.metrics)).length < 1000);
  }));
