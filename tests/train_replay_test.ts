import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { verifyFixture } from "../src/files/recording_file.ts";
import { Gpu, openGpu } from "../src/gpu/device.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type TensorFile,
} from "../src/format/safetensors.ts";
import { VERIFY_LIMITS, type VerifyKernels, type VerifyReport } from "../src/train/replay.ts";
import { RECORDINGS } from "./recordings.ts";

const FIXTURES = new URL("fixtures/", import.meta.url).pathname;

for (const name of RECORDINGS) {
  Deno.test(`verifyFixture() finds our steps right to PyTorch's numbers of ${name}`, async () => {
    using gpu = await openGpu();
    const report = await verifyFixture(gpu, `${FIXTURES}${name}.safetensors`);
    assert.deepEqual(Object.keys(report.kernels), ["accurate", "training"]);
    assert.ok(report.pass, JSON.stringify(report));
  });
}

Deno.test("verifyFixture() finds the kernels that a GPU gets right, too", async () => {
  using opened = await openGpu();
  const gpu = new Gpu(opened.device, { ...opened.summary, software: false }, opened);
  const report = await verifyFixture(gpu, `${FIXTURES}ls-w4-b4.safetensors`, "training");
  assert.ok(report.pass, JSON.stringify(report));
});

/** Verifies the least-squares recording after a change to it. */
async function verifyChanged(
  gpu: Gpu,
  change: (file: TensorFile) => Omit<TensorFile, "sealed"> | void,
  kernels?: VerifyKernels,
): Promise<VerifyReport> {
  const file = decodeSafetensors(await Deno.readFile(`${FIXTURES}ls-w4-b4.safetensors`));
  const { tensors, metadata } = change(file) ?? file;
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await Deno.writeFile(path, encodeSafetensors(tensors, metadata));
    return await verifyFixture(gpu, path, kernels);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("verifyFixture() refuses a weight of 1 that is off by 0.004, on either kernel set", async () => {
  using gpu = await openGpu();
  const report = await verifyChanged(gpu, ({ tensors }) => {
    const { data } = tensors.get("final.G.main.1.weight")!;
    assert.ok(Math.abs(data[0] - 1) < 0.1, `a weight of about 1, not ${data[0]}`);
    data[0] += 0.004;
  });
  assert.equal(report.pass, false);
  for (const replay of Object.values(report.kernels)) {
    assert.equal(replay.pass, false);
    assert.equal(replay.worst_tensor, "G.main.1.weight");
    assert.ok(replay.max_step_err <= VERIFY_LIMITS.max_step_err, "the metrics do not see it");
  }
});

Deno.test("verifyFixture() refuses a metric of the last step that is off by 0.0002", async () => {
  using gpu = await openGpu();
  const report = await verifyChanged(gpu, ({ tensors }) => {
    tensors.get("metrics.2")!.data[1] += 2e-4;
  }, "training");
  assert.equal(report.pass, false);
  assert.ok(report.first_step_err <= VERIFY_LIMITS.max_step_err, "the first step is as it was");
});

Deno.test("verifyFixture() refuses a bias that is off by less than one step of Adam", async () => {
  using gpu = await openGpu();
  const report = await verifyChanged(gpu, ({ tensors }) => {
    tensors.get("final.D.main.3.bias")!.data[2] += 1e-6;
  }, "accurate");
  assert.equal(report.pass, false);
  assert.equal(report.worst_tensor, "D.main.3.bias");
});

Deno.test("verifyFixture() fails on a fixture with one initial weight changed", async () => {
  using gpu = await openGpu();
  const report = await verifyChanged(gpu, ({ tensors }) => {
    tensors.get("init.G.main.3.weight")!.data[5] += 0.5;
  });
  assert.equal(report.pass, false);
  assert.ok(report.first_step_err > VERIFY_LIMITS.max_step_err);
});

Deno.test("verifyFixture() says what keeps a file from being a recorded run", async () => {
  using gpu = await openGpu();
  const without = (name: string) => ({ tensors, metadata }: TensorFile) => {
    assert.ok(tensors.delete(name));
    return { tensors, metadata };
  };
  const told = (changes: Record<string, string>) => ({ tensors, metadata }: TensorFile) => ({
    tensors,
    metadata: { ...metadata, ...changes },
  });
  const cases: [(file: TensorFile) => Omit<TensorFile, "sealed">, RegExp][] = [
    [without("noise.1"), /lacks noise\.1$/],
    [without("final.D.main.0.weight"), /lacks final\.D\.main\.0\.weight$/],
    [told({ loss: "wasserstein" }), /with the loss 'wasserstein', not ls, bce, hinge$/],
    [told({ size: "48" }), /at size 48, not 32, 64, 128, 256$/],
    [told({ norm_d: "layer" }), /with norm_d 'layer', not batch, spectral$/],
    [told({ steps: "0" }), /holds 0 steps/],
    [told({ batch: "2" }), /real\.0 has 49152 elements, not 24576$/],
    [told({ lr: "soon" }), /metadata lacks lr$/],
  ];
  for (const [change, message] of cases) {
    await assert.rejects(verifyChanged(gpu, change), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(verifyFixture(gpu, `${FIXTURES}none.safetensors`), UserError);
});
