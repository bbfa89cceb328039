import assert from "node:assert/strict";
import { tryKernel } from "../src/cli/actions/try_kernel.ts";
import { UserError } from "../src/errors.ts";
import { openGpu } from "../src/gpu/device.ts";

Deno.test("tryKernel() finds the adapter right, and a lost device is one line", async () => {
  using gpu = await openGpu();
  const trial = await tryKernel(gpu);
  assert.ok(trial.right);
  gpu.device.destroy();
  await assert.rejects(tryKernel(gpu), UserError);
});
