import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../src/format/safetensors.ts";
import { openGpu } from "../src/gpu/device.ts";
import { decodeCheckpoint } from "../src/train/checkpoint.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { Trainer } from "../src/train/trainer.ts";
import { planesToPixels } from "../src/model/image_layout.ts";
import { createGenerator, generatorForward } from "./reference/generator.ts";
import { generatorEntries, loadEntry } from "./reference/state_dict.ts";
import { assertClose, assertSameTensors } from "./numeric.ts";
import {
  asWritten,
  exampleDiscriminator,
  exampleGenerator,
  renamed,
  weightsFile,
} from "./weights_files.ts";

/** A checkpoint's tensors of one network, by their own names. */
function network(tensors: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  return new Map(
    [...tensors].filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}

function refusal(bytes: Uint8Array, name = "w.safetensors"): string {
  try {
    decodeCheckpoint(bytes, name);
  } catch (error) {
    assert.ok(error instanceof UserError, (error as Error).stack);
    return error.message;
  }
  assert.fail("it was taken");
}

const silent = (line: string): void => assert.fail(line);

Deno.test("a generator opens whatever stands before its names: module., netG., G., a wrapper, nothing", () => {
  const generator = exampleGenerator({ size: 128, width: 8, nz: 20 });
  const names: ((old: string) => string)[] = [
    (old) => old,
    (old) => `module.${old}`,
    (old) => `netG.${old}`,
    (old) => `G.${old}`,
    (old) => `module.netG.${old}`,
    (old) => `_orig_mod.generator.module.${old}`,
    (old) => old.replace("main.", "net."),
    (old) => old.replace("main.", ""),
  ];
  for (const name of names) {
    const file = weightsFile(renamed(generator, name));
    const { settings, stepsDone, tensors } = decodeCheckpoint(file, "w", silent);
    assert.deepEqual([settings.size, settings.width, settings.nz], [128, 8, 20], name("main."));
    assert.equal(stepsDone, 0);
    assertSameTensors(network(tensors, "G."), generator);
  }
});

Deno.test("float16 and bfloat16 weights are the numbers that they stand for", () => {
  const generator = exampleGenerator();
  for (const kind of ["F16", "BF16"] as const) {
    const { tensors } = decodeCheckpoint(weightsFile(generator, kind), "w", silent);
    assertSameTensors(network(tensors, "G."), asWritten(generator, kind));
  }
});

Deno.test("foreign weights draw what the float64 reference draws with them", async () => {
  using gpu = await openGpu();
  const generator = exampleGenerator({ size: 64, width: 8, nz: 12 });
  using opened = openGenerator(gpu, decodeCheckpoint(weightsFile(generator)));
  assert.equal(opened.weights, "current");
  const noise = opened.noise(3, { seed: 5 });
  const reference = createGenerator(8, 12, 64);
  for (const entry of generatorEntries(reference)) {
    loadEntry(entry, generator.get(entry.name)!.data);
  }
  const { images } = generatorForward(reference, Float64Array.from(noise), "evaluate");
  const drawn = planesToPixels((await opened.generate(noise)).data, 64).filter((_, i) => i % 4 < 3);
  assertClose(drawn, images, 1e-5, "pictures");
});

Deno.test("a noise vector of no multiple of 4 is lengthened by numbers without effect", async () => {
  using gpu = await openGpu();
  const generator = exampleGenerator({ nz: 8 });
  const { shape, data } = generator.get("main.0.weight")!;
  // The same network without its last two inputs: with zeros for these, the same pictures.
  const short = new Map(generator).set("main.0.weight", {
    shape: [6, ...shape.slice(1)],
    data: data.slice(0, 6 * data.length / 8),
  });
  const lines: string[] = [];
  const padded = decodeCheckpoint(weightsFile(short), "w", (line) => lines.push(line));
  assert.equal(padded.settings.nz, 8);
  assert.match(lines.join(), /has 6 numbers: 2 without effect/);
  using whole = openGenerator(gpu, decodeCheckpoint(weightsFile(generator)));
  using opened = openGenerator(gpu, padded);
  const noise = whole.noise(2);
  const zeroed = noise.map((z, i) => i % 8 < 6 ? z : 0);
  assertClose(
    (await opened.generate(noise)).data,
    (await whole.generate(zeroed)).data,
    1e-6,
    "pictures",
  );
});

Deno.test("the example's discriminator comes along, its last convolution as our linear layer", () => {
  const [generator, discriminator] = [exampleGenerator(), exampleDiscriminator()];
  const file = weightsFile([
    ...renamed(generator, (name) => `netG.${name}`),
    ...renamed(discriminator, (name) => `netD.module.${name}`),
  ]);
  const { tensors } = decodeCheckpoint(file, "w", silent);
  const head = discriminator.get("main.8.weight")!;
  const expected = new Map(discriminator);
  expected.delete("main.8.weight");
  expected.set("main.9.weight", { shape: [1, head.data.length], data: head.data });
  expected.set("main.9.bias", { shape: [1], data: Float32Array.of(0) });
  assertSameTensors(network(tensors, "D."), expected);
});

Deno.test("a discriminator of another width is left out, each of its tensors named", () => {
  const lines: string[] = [];
  const file = weightsFile([
    ...renamed(exampleGenerator(), (name) => `netG.${name}`),
    ...renamed(exampleDiscriminator({ width: 8 }), (name) => `netD.${name}`),
  ]);
  const { tensors } = decodeCheckpoint(file, "w", (line) => lines.push(line));
  assert.equal(network(tensors, "D.").size, 0);
  assert.match(lines.join("\n"), /main\.0\.weight is \[8, 3, 4, 4\], expected \[4, 3, 4, 4\];/);
  assert.match(lines.join("\n"), /main\.8\.weight is \[1, 32, 4, 4\], expected \[1, 16, 4, 4\]/);
  assert.match(lines.join("\n"), /left out$/);
});

Deno.test("what does not fit is named, tensor by tensor", () => {
  const changed = (change: (tensors: Map<string, Tensor>) => void): Uint8Array => {
    const generator = exampleGenerator();
    change(generator);
    return weightsFile(generator);
  };
  const twoChannels = refusal(
    changed((tensors) =>
      tensors.set("main.9.weight", { shape: [4, 2, 4, 4], data: new Float32Array(128) })
    ),
  );
  assert.match(twoChannels, /main\.9\.weight is \[4, 2, 4, 4\], expected \[4, 3, 4, 4\]$/);
  const two = refusal(changed((tensors) => {
    tensors.delete("main.1.running_mean");
    tensors.set("main.4.bias", { shape: [9], data: new Float32Array(9) });
    tensors.set("main.0.bias", { shape: [16], data: new Float32Array(16) });
    tensors.get("main.6.weight")!.data[3] = NaN;
  }));
  assert.equal(
    two,
    "w.safetensors does not fit: tensor main.1.running_mean is missing; tensor main.4.bias is [9], " +
      "expected [8]; tensor main.6.weight holds what is no number; there should be no tensor main.0.bias",
  );
  assert.match(refusal(weightsFile(exampleDiscriminator())), /holds a discriminator alone/);
  const other = encodeSafetensors([["encoder.conv1.weight", {
    shape: [1],
    data: Float32Array.of(1),
  }]]);
  assert.match(refusal(other), /neither .* it holds encoder\.conv1\.weight$/);
  const narrow = changed((tensors) =>
    tensors.set("main.9.weight", { shape: [6, 3, 4, 4], data: new Float32Array(288) })
  );
  assert.match(refusal(narrow), /width 6 .* multiples of 4/);
  const short = exampleGenerator();
  for (const name of [...short.keys()]) if (/main\.[6-9]/.test(name)) short.delete(name);
  assert.match(refusal(weightsFile(short)), /2 convolutions, so it draws 8x8 pictures/);
});

Deno.test("a .pth file gets the two lines of Python that convert it", () => {
  const python =
    'import torch, safetensors.torch\nsafetensors.torch.save_file(torch.load("netG.pth", ' +
    'map_location="cpu"), "netG.safetensors")';
  const zip = Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(60));
  const pickle = Uint8Array.of(
    0x80,
    2,
    0x8a,
    0x0a,
    0x6c,
    0xfc,
    0x9c,
    0x46,
    0xf9,
    ...new Uint8Array(60),
  );
  for (const bytes of [zip, pickle]) {
    const [first, ...lines] = refusal(bytes, "netG.pth").split("\n");
    assert.match(first, /^netG\.pth is one of PyTorch's own files/);
    assert.equal(lines.join("\n"), python);
  }
});

Deno.test("fineTune() begins at step 0 with the weights given, and trains", async () => {
  using gpu = await openGpu();
  const [generator, discriminator] = [exampleGenerator(), exampleDiscriminator()];
  const checkpoint = decodeCheckpoint(weightsFile([
    ...renamed(generator, (name) => `netG.${name}`),
    ...renamed(discriminator, (name) => `netD.${name}`),
  ]));
  assert.throws(() => Trainer.resume(gpu, checkpoint), /weights alone.*--weights-only/);
  assert.throws(() => Trainer.fineTune(gpu, checkpoint, { width: 8 }), /trained with `width` 4/);
  using trainer = Trainer.fineTune(gpu, checkpoint, { batch: 2, loss: "ls", seed: 3, ema: 0.5 });
  assert.deepEqual(trainer.settings.labels, { real: 1, fake: 0, target: 1 });
  const begun = (await trainer.snapshot()).tensors;
  for (const prefix of ["G.", "D.", "ema.G."]) {
    const source = network(checkpoint.tensors, prefix === "D." ? "D." : "G.");
    for (const [name, { data }] of network(begun, prefix)) {
      if (name.endsWith("num_batches_tracked")) continue;
      assert.deepEqual(data, source.get(name)!.data, prefix + name);
    }
  }
  trainer.step(new Uint8Array(2 * 32 * 32 * 3).fill(77));
  const [{ step, errD }] = await trainer.readMetrics();
  assert.deepEqual([step, Number.isFinite(errD)], [0, true]);
  // Without a discriminator a fresh one is drawn from the seed.
  using alone = Trainer.fineTune(gpu, decodeCheckpoint(weightsFile(generator)), {
    batch: 2,
    seed: 3,
  });
  using fresh = Trainer.create(gpu, { size: 32, width: 4, nz: 8, batch: 2, seed: 3 });
  assertSameTensors(
    network((await alone.snapshot()).tensors, "D."),
    network((await fresh.snapshot()).tensors, "D."),
  );
  assert.equal(decodeSafetensors(weightsFile(generator)).metadata.format, "pt");
});
