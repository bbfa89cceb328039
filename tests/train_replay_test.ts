import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { openGpu } from "../src/gpu/device.ts";
import { decodeSafetensors, encodeSafetensors } from "../src/format/safetensors.ts";
import { VERIFY_LIMITS, verifyFixture } from "../src/train/replay.ts";

const FIXTURES = new URL("fixtures/", import.meta.url).pathname;

for (const loss of ["ls", "bce"]) {
  Deno.test(`verifyFixture() finds our steps with ${loss} right to PyTorch's numbers`, async () => {
    using gpu = await openGpu();
    const report = await verifyFixture(gpu, `${FIXTURES}${loss}-w4-b4.safetensors`);
    assert.ok(report.pass, JSON.stringify(report));
  });
}

Deno.test("verifyFixture() fails on a fixture with one weight changed", async () => {
  using gpu = await openGpu();
  const file = decodeSafetensors(await Deno.readFile(`${FIXTURES}ls-w4-b4.safetensors`));
  file.tensors.get("init.G.main.3.weight")!.data[5] += 0.5;
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await Deno.writeFile(path, encodeSafetensors(file.tensors, file.metadata));
    const report = await verifyFixture(gpu, path);
    assert.equal(report.pass, false);
    assert.ok(report.first_step_err > VERIFY_LIMITS.first_step_err);
    file.tensors.delete("noise.1");
    await Deno.writeFile(path, encodeSafetensors(file.tensors, file.metadata));
    await assert.rejects(verifyFixture(gpu, path), /lacks noise\.1/);
    await assert.rejects(verifyFixture(gpu, `${path}.none`), UserError);
  } finally {
    await Deno.remove(path);
  }
});
