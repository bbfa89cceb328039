import assert from "node:assert/strict";
import { join } from "node:path";
import { loadCheckpoint } from "../src/files/checkpoint_file.ts";
import { openGpu } from "../src/host/open_gpu.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { Trainer } from "../src/train/trainer.ts";
import { CHROMIUM, IF_CHROMIUM } from "./chromium_path.ts";
import type { StudioFindings } from "./studio_page_run.ts";
import { writeRun } from "./studio_runs.ts";
import { exampleDiscriminator, exampleGenerator, renamed, weightsFile } from "./weights_files.ts";

const ROOT = new URL("..", import.meta.url);

function deno(args: readonly string[], env: Record<string, string>): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--unstable-bundle", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  });
}

/** `studio --open` under the task's own permissions; what opens the browser writes down the address. */
async function openedStudio(
  folder: string,
): Promise<{ readonly url: string; stop(): Promise<Deno.CommandOutput> }> {
  const bin = join(folder, "bin");
  const opened = join(folder, "opened.txt");
  await Deno.mkdir(bin);
  const opener = `#!/bin/sh\necho "$@" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`;
  for (const name of ["xdg-open", "open"]) {
    await Deno.writeTextFile(join(bin, name), opener, { mode: 0o755 });
  }
  const studio = deno(
    ["-P=studio", "src/cli/main.ts", "studio", join(folder, "runs"), "--open"],
    { PATH: `${bin}:${Deno.env.get("PATH")}` },
  ).spawn();
  const output = studio.output();
  const stop = (): Promise<Deno.CommandOutput> => {
    studio.kill("SIGINT");
    return output;
  };
  let ended = false;
  void output.then(() => ended = true);
  while (!ended) {
    const url = await Deno.readTextFile(opened).catch(() => undefined);
    if (url) return { url: url.trim(), stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(new TextDecoder().decode((await output).stderr));
}

Deno.test({
  name:
    `the studio's page trains on photos, hands out the checkpoint, draws and watches${IF_CHROMIUM}`,
  ignore: !CHROMIUM,
  async fn() {
    const folder = await Deno.makeTempDir();
    let studio: Awaited<ReturnType<typeof openedStudio>> | undefined;
    try {
      await writeRun(join(folder, "runs", "first"), [[0, 1], [1, 0.5]]);
      await Deno.writeFile(
        join(folder, "grey.safetensors"),
        weightsFile([
          ...renamed(exampleGenerator({ channels: 1, nz: 100 }), (name) => `netG.${name}`),
          ...renamed(exampleDiscriminator({ channels: 1, width: 8 }), (name) => `netD.${name}`),
        ]),
      );
      studio = await openedStudio(folder);
      const script = new URL("studio_page_run.ts", import.meta.url).href;
      const { success, stdout, stderr } = await deno(
        ["-A", "--no-lock", script, studio.url, folder],
        {},
      ).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const found: StudioFindings = JSON.parse(new TextDecoder().decode(stdout));
      assert.ok(found.scriptBytes < 250_000, `${found.scriptBytes} bytes of script`);
      const numbers = (step: number, errD: string): string =>
        `step ${step}, errD ${errD}, errG 1.000, D(x) 1.000, D(G(z)) 0.000`;
      assert.deepEqual(
        found.watched,
        [numbers(1, "0.500"), numbers(1, "0.500"), numbers(2, "0.250")],
      );
      assert.ok(found.notReloaded);
      assert.match(found.compared, /a second.*first|first.*a second/s);
      assert.equal(found.foreign, "TypeError");
      assert.match(found.withoutGpu[0], /^step 2, errD 0\.250/);
      assert.match(found.withoutGpu[1], /^Draw: This browser offers no WebGPU/);
      assert.deepEqual(found.builtIn, [found.drawn, found.drawn]);
      assert.match(found.trained[0], /^20 photos ready$/);
      assert.match(found.trained[1], /^step 30 \/ 30/);
      assert.equal(found.kept, "30");
      assert.deepEqual(found.tabs, ["观看", "作画", "训练", "损失函数"]);
      const [hidden, recovered, ended] = found.lost;
      assert.ok(Number(hidden) > 30 && recovered === hidden, `${found.lost}`);
      assert.ok(Number(ended) > Number(hidden), `${found.lost}`);
      assert.match(found.misfit[0], /the discriminator of grey\.safetensors .* it is left out$/s);
      assert.deepEqual(found.misfit.slice(1), ["1", "32"]);
      const grey = await loadCheckpoint(join(folder, "grey_again.safetensors"));
      assert.deepEqual([grey.settings.channels, grey.settings.size], [1, 32]);
      assert.deepEqual([grey.settings.nz, grey.stepsDone], [100, 3]);

      // What the page trained goes on here, and draws here what it drew there.
      const checkpoint = await loadCheckpoint(join(folder, "page.safetensors"));
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
      const [sheet, walk] = await Promise.all(
        ["sheet.png", "walk.gif"].map((name) => Deno.readFile(join(folder, name))),
      );
      const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
      assert.equal(text(sheet.subarray(1, 4)), "PNG");
      assert.match(text(walk.subarray(0, 6)), /^GIF89a/);
      assert.ok(text(walk).split("!\xf9\x04").length > 20, "frames of the walk from A to B");
      const { code } = await studio.stop();
      studio = undefined;
      assert.ok(code === 0 || code === 130, `Ctrl-C ends it with ${code}`);
    } finally {
      await studio?.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
