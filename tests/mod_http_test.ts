import assert from "node:assert/strict";
import { encodePng } from "../src/image/png_encoder.ts";
import { hash4 } from "../src/random.ts";
import { assertSameNumbers } from "./numeric.ts";
import { servePublished } from "./published.ts";

/** A user's program: a folder of photos, two steps, a checkpoint and pictures from it. */
function userProgram(origin: string, folder: string): string {
  return `
import { loadCheckpoint, openDataset, openGenerator, openGpu, saveCheckpoint, Trainer } from "${origin}/mod.ts";
using gpu = await openGpu();
using trainer = Trainer.create(gpu, { width: 4, batch: 2 });
await using photos = await openDataset({ source: ${
    JSON.stringify(folder)
  }, batch: 2, workers: 2, cacheDir: null });
for (let step = 0; step < 2; step++) {
  const batch = await photos.batch(step);
  trainer.step(batch.pixels);
  batch.release();
}
const metrics = await trainer.readMetrics();
const path = ${JSON.stringify(`${folder}/run.safetensors`)};
await saveCheckpoint(path, await trainer.snapshot());
using generator = openGenerator(gpu, await loadCheckpoint(path));
const images = await generator.generate(generator.noise(3));
console.log(JSON.stringify({ count: photos.count, steps: metrics.length, finite: images.data.every(Number.isFinite), length: images.data.length }));
`;
}

Deno.test("mod.ts works when imported over HTTP, shaders and workers included", async () => {
  const folder = await Deno.makeTempDir();
  await using server = await servePublished();
  try {
    for (let i = 0; i < 3; i++) {
      const data = Uint8Array.from({ length: 80 * 80 * 3 }, (_, j) => hash4(i, j, 0, 0)[0] & 255);
      await Deno.writeFile(`${folder}/${i}.png`, encodePng({ width: 80, height: 80, data }));
    }
    const { host, asked } = server;
    await Deno.writeTextFile(`${folder}/user.ts`, userProgram(`http://${host}`, folder));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-config",
        "--no-prompt",
        "--no-lock",
        `--allow-import=${host}`,
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        `${folder}/user.ts`,
      ],
      cwd: folder,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const said = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
    assert.deepEqual(said, { count: 3, steps: 2, finite: true, length: 3 * 3 * 64 * 64 });
    assert.ok(asked.some((path) => path.startsWith("shaders/")), "no shader was served");
    assert.ok(asked.includes("workers/image_worker.ts"), "no worker was served");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the studio's page is built from what is published as it is from a checkout", async () => {
  const folder = await Deno.makeTempDir();
  await using server = await servePublished();
  try {
    const build = async (main: string, out: string): Promise<Map<string, Uint8Array>> => {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "--no-config",
          "--no-prompt",
          "--no-lock",
          "--no-check",
          "--unstable-bundle",
          `--allow-import=${server.host}`,
          "--allow-read",
          `--allow-write=${folder}`,
          "--allow-env",
          main,
          "studio",
          "--build",
          out,
        ],
        cwd: folder,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const files = (await Array.fromAsync(Deno.readDir(out))).map(({ name }) => name).sort();
      return new Map(
        await Promise.all(files.map(async (name): Promise<[string, Uint8Array]> => [
          name,
          await Deno.readFile(`${out}/${name}`),
        ])),
      );
    };
    const main = "src/cli/main.ts";
    const published = await build(`http://${server.host}/${main}`, `${folder}/published`);
    const own = await build(new URL(`../${main}`, import.meta.url).href, `${folder}/own`);
    assert.deepEqual([...published.keys()], [
      "index.html",
      "main.js",
      "photo_worker.js",
      "style.css",
    ]);
    for (const [name, bytes] of own) assertSameNumbers(published.get(name)!, bytes, name);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
