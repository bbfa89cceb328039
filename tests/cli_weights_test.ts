import assert from "node:assert/strict";
import { join } from "node:path";
import { loadCheckpoint } from "../src/files/checkpoint_file.ts";
import { RunFolder } from "../src/run/folder.ts";
import { readRunConfig } from "../src/run/run_config.ts";
import { readPng } from "./independent_reader.ts";
import { environmentIn, program, writePictures } from "./program.ts";
import { exampleDiscriminator, exampleGenerator, renamed, weightsFile } from "./weights_files.ts";

Deno.test("generate draws with PyTorch's weights, and train goes on from them with --weights-only", async () => {
  const folder = await Deno.makeTempDir();
  const env = environmentIn(folder);
  const file = join(folder, "netG.safetensors");
  const [generator, discriminator] = [exampleGenerator(), exampleDiscriminator()];
  try {
    await writePictures(env.FACADEGAN_DATA);
    await Deno.writeFile(
      file,
      weightsFile([
        ...renamed(generator, (name) => `netG.module.${name}`),
        ...renamed(discriminator, (name) => `netD.module.${name}`),
      ], "F16"),
    );
    const out = join(folder, "grid.png");
    const drawn = await program(
      "generate",
      ["--checkpoint", file, "--count", "4", "--out", out],
      env,
    );
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.match(drawn.stdout, /4 pictures of .*netG\.safetensors \(current weights, step 0\)/);
    const { width, height } = await readPng(await Deno.readFile(out));
    assert.ok(width >= 64 && width < 80 && height === width, `${width} x ${height}`);

    const train = (line: string) => program("train", line.split(" "), env);
    const small = "--batch 2 --samples 4 --workers 1";
    const bare = await train(`--resume ${file} --out ${folder}/x ${small}`);
    assert.equal(bare.code, 1);
    assert.match(bare.stderr, /to begin a run with its weights alone, add --weights-only/);
    const wide = await train(
      `--resume ${file} --weights-only --width 8 --out ${folder}/x ${small}`,
    );
    assert.equal(wide.code, 1);
    assert.match(wide.stderr, /trained with --width 4, this run has --width 8/);
    const alone = await train(`--weights-only --out ${folder}/x`);
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /--weights-only goes with --resume FILE/);

    const tuned = join(folder, "tuned");
    // A rate of next to nothing: what comes out is what went in.
    const first = await train(
      `--resume ${file} --weights-only --steps 1 --lr 1e-12 --out ${tuned} ${small}`,
    );
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /Fine-tuning the weights of .*netG\.safetensors on 6 photos/);
    const run = new RunFolder(tuned);
    const { settings, tensors } = await loadCheckpoint(await run.lastCheckpoint());
    assert.deepEqual([settings.size, settings.width, settings.nz], [32, 4, 8]);
    assert.deepEqual([settings.loss, settings.upsample], ["bce", "free"]);
    for (const [prefix, network] of [["G.", generator], ["D.", discriminator]] as const) {
      const { data } = tensors.get(`${prefix}main.0.weight`)!;
      const expected = Float16Array.from(network.get("main.0.weight")!.data);
      data.forEach((x, i) => assert.ok(Math.abs(x - expected[i]) < 1e-6, `${prefix}${i}`));
    }
    const { options } = await readRunConfig(run);
    assert.deepEqual([options.resume, options["weights-only"]], [file, true]);

    // The run then goes on like any other.
    const second = await train(`--resume ${tuned} --steps 2 --workers 1`);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /Going on from step 1/);
    assert.equal((await readRunConfig(run)).options.resume, file);

    const stem = join(folder, "facades");
    const exported = await program("export", [tuned, "--out", stem], env);
    assert.equal(exported.code, 0, exported.stderr);
    assert.match(
      exported.stdout,
      /\(ema weights, step 2\):\n {2}.*facades\.safetensors\n {2}.*\.onnx\n$/,
    );
    const again = await loadCheckpoint(`${stem}.safetensors`, (line) => assert.fail(line));
    assert.deepEqual([again.settings.size, again.settings.width, again.settings.nz], [32, 4, 8]);
    // Its weights alone: 16 * (8 * 16 + 16 * 8 + 8 * 4 + 4 * 3) and 4 * (16 + 8 + 4) numbers.
    const { size } = await Deno.stat(`${stem}.onnx`);
    assert.ok(size > 4 * 4912 && size < 4 * 4912 + 3000, `${size} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
