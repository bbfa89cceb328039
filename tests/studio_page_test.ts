import assert from "node:assert/strict";
import { join } from "node:path";
import { loadCheckpoint } from "../src/files/checkpoint_file.ts";
import { openGpu } from "../src/host/open_gpu.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { Trainer } from "../src/train/trainer.ts";
import { CHROMIUM, IF_CHROMIUM } from "./chromium_path.ts";
import type { StudioFindings } from "./studio_page_run.ts";

Deno.test({
  name:
    `the studio's page trains on photos, hands out the checkpoint, draws and watches${IF_CHROMIUM}`,
  ignore: !CHROMIUM,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const run = join(folder, "runs", "first");
      await Deno.mkdir(run, { recursive: true });
      await Deno.writeTextFile(
        join(run, "config.json"),
        JSON.stringify({ options: {}, train: { loss: "ls", size: 64 }, sessions: [] }),
      );
      const step = (step: number): string =>
        `${JSON.stringify({ step, errD: 1, errG: 1, D_x: 1, D_G_z1: 0, D_G_z2: 0 })}\n`;
      await Deno.writeTextFile(join(run, "metrics.jsonl"), step(0) + step(1));
      const path = join(folder, "page.safetensors");
      const script = new URL("studio_page_run.ts", import.meta.url).href;
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "-A",
          "--no-lock",
          "--unstable-bundle",
          script,
          join(folder, "runs"),
          path,
        ],
        cwd: new URL("..", import.meta.url),
        env: { NO_COLOR: "1" },
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const found: StudioFindings = JSON.parse(new TextDecoder().decode(stdout));
      assert.ok(found.scriptBytes < 250_000, `${found.scriptBytes} bytes of script`);
      assert.match(found.trained, /^step 30 \/ 30/);
      assert.deepEqual([found.kept, found.again], ["30", "40"]);
      assert.ok(found.runs.some((name) => name.includes("first")), `${found.runs}`);
      assert.deepEqual(found.tabs, ["观看", "作画", "训练", "损失函数"]);

      // What the page trained goes on here, and draws here what it drew there.
      const checkpoint = await loadCheckpoint(path);
      assert.deepEqual([checkpoint.stepsDone, checkpoint.settings.size], [30, 32]);
      using gpu = await openGpu();
      using trainer = Trainer.resume(gpu, checkpoint);
      trainer.step(new Uint8Array(2 * 32 * 32 * 3));
      assert.ok(Number.isFinite((await trainer.readMetrics())[0].errD));
      using generator = openGenerator(gpu, checkpoint);
      const [{ data }] = (await generator.generate(generator.noise(1, { seed: 1 }))).images();
      data.forEach((level, i) => {
        const there = found.drawn[4 * Math.floor(i / 3) + i % 3];
        assert.ok(Math.abs(level - there) <= 1, `sample ${i}: ${level} here, ${there} there`);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
