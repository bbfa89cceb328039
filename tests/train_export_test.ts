import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeSafetensors } from "../src/format/safetensors.ts";
import { openGpu } from "../src/gpu/device.ts";
import { type Checkpoint, decodeCheckpoint } from "../src/train/checkpoint.ts";
import { exportGenerator } from "../src/train/exported_generator.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { readerIsThere, readIndependently } from "./independent_reader.ts";
import { assertSameTensors } from "./numeric.ts";
import { exampleGenerator, weightsFile } from "./weights_files.ts";

const PRODUCER = ["facadegan", "test"] as const;

/** A checkpoint with a moving average that is not its current weights. */
function checkpoint(size: 32 | 64, width: number, nz: number, channels: 1 | 3 = 3): Checkpoint {
  const opened = decodeCheckpoint(weightsFile(exampleGenerator({ size, width, nz, channels })));
  const average = [...opened.tensors].map(([name, { shape, data }]) =>
    [`ema.${name}`, { shape, data: data.map((x) => 0.9 * x) }] as const
  );
  return { ...opened, stepsDone: 7, tensors: new Map([...opened.tensors, ...average]) };
}

Deno.test("the exported safetensors opens as PyTorch's does, with the weights asked for", () => {
  const source = checkpoint(32, 4, 8);
  for (const [weights, prefix] of [["ema", "ema.G."], ["current", "G."], [undefined, "ema.G."]]) {
    const choice = weights === undefined ? {} : { weights: weights as "ema" | "current" };
    const { safetensors, weights: chosen } = exportGenerator(source, PRODUCER, choice);
    assert.equal(chosen, weights ?? "ema");
    const { tensors, metadata } = decodeSafetensors(safetensors);
    const expected = [...source.tensors].filter(([name]) => name.startsWith(prefix!));
    assertSameTensors(
      tensors,
      new Map(expected.map(([name, tensor]) => [name.slice(prefix!.length), tensor])),
    );
    assert.deepEqual([metadata.format, metadata.step], ["pt", "7"]);
    const { settings } = decodeCheckpoint(safetensors);
    assert.deepEqual([settings.size, settings.width, settings.nz], [32, 4, 8]);
  }
});

Deno.test({
  name: "onnxruntime draws the same pictures from the ONNX file, within 1e-4",
  ignore: !await readerIsThere("onnx"),
  fn: async () => {
    using gpu = await openGpu();
    for (const [size, width, nz, channels] of [[32, 4, 8, 1], [64, 8, 100, 3]] as const) {
      const source = checkpoint(size, width, nz, channels);
      using generator = openGenerator(gpu, source);
      const noise = generator.noise(3, { seed: 2 });
      const drawn = await generator.generate(noise);
      const { onnx } = exportGenerator(source, PRODUCER);
      const header = BigUint64Array.of(BigInt(onnx.length), BigInt(nz));
      const input = await new Blob([header, onnx, noise]).arrayBuffer();
      const { data, ...rest } = await readIndependently<
        { data: string; shape: number[]; inputs: string[]; outputs: string[] }
      >("onnx", new Uint8Array(input));
      assert.deepEqual(rest, {
        inputs: ["noise"],
        outputs: ["images"],
        shape: [3, channels, size, size],
      });
      const area = size * size; // a grey picture's three planes are equal
      const ours = (i: number): number =>
        drawn.data[Math.floor(i / (channels * area)) * 3 * area + i % (channels * area)];
      const theirs = new Float32Array(Uint8Array.from(Buffer.from(data, "base64")).buffer);
      let [worst, most] = [0, 0];
      theirs.forEach((x, i) => {
        worst = Math.max(worst, Math.abs(x - ours(i)));
        most = Math.max(most, Math.abs(x));
      });
      assert.ok(worst <= 1e-4, `off by ${worst}`);
      assert.ok(most > 0.1, "the pictures are not blank");
    }
  },
});
