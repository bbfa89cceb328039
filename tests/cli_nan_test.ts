import assert from "node:assert/strict";
import { join } from "node:path";
import { loadCheckpoint, saveCheckpoint } from "../src/files/checkpoint_file.ts";
import { readMetrics } from "../src/run/metrics_log.ts";
import { RunFolder } from "../src/run/folder.ts";
import { withPictures } from "./program.ts";

const SMALL = "--size 32 --width 4 --batch 2 --samples 4 --workers 1";

Deno.test("train ends with status 1 and a line when losses are NaN; --on-nan rollback goes back three times first", () =>
  withPictures(async (folder, train) => {
    const first = new RunFolder(join(folder, "first"));
    const begun = await train(`${SMALL} --steps 1 --out ${first.path}`);
    assert.equal(begun.code, 0, begun.stderr);
    // Finite, and so read; but what the discriminator makes of them is not.
    const checkpoint = await loadCheckpoint(first.checkpoint(1));
    checkpoint.tensors.get("D.main.0.weight")!.data.fill(3e38);
    const huge = join(folder, "huge.safetensors");
    await saveCheckpoint(huge, checkpoint);
    for (const [how, back] of [["stop", 0], ["rollback", 3]] as const) {
      const run = new RunFolder(join(folder, how));
      const { code, stdout, stderr } = await train(
        `${SMALL} --resume ${huge} --weights-only --steps 1000 --on-nan ${how} --out ${run.path}`,
      );
      assert.equal(code, 1, stdout);
      const text = stdout + stderr;
      assert.match(text, /stopped being numbers \(NaN/);
      assert.doesNotMatch(text, /^\s+at /m, "no stack trace");
      assert.equal(text.match(/back (to|at) /g)?.length ?? 0, back, text);
      // Nothing that was computed from NaN is kept.
      assert.deepEqual((await run.checkpointSteps()).filter((step) => step > 0), []);
      const metrics = await readMetrics(run.metrics);
      assert.ok(metrics.length < 1000);
    }
  }));
