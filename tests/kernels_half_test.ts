import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { Gpu, openGpu } from "../src/gpu/device.ts";
import { candidates, setKernelSelector } from "../src/ops/conv/selection.ts";
import { Conv } from "../src/ops/conv/conv.ts";
import type { ConvShape } from "../src/ops/conv/product.ts";
import { Workspace } from "../src/ops/conv/workspace.ts";
import { convWeightGradient, down, up } from "./reference/conv.ts";
import { fillNormal, hash4, Purpose } from "../src/random.ts";
import { Trainer } from "../src/train/trainer.ts";
import { runKernels } from "./kernels.ts";
import { dot, relativeError } from "./numeric.ts";

const SHAPE: ConvShape = { batch: 3, height: 5, width: 4, big: 12, small: 20, half: true };

/** A product of operands rounded to 11 bits: half a unit in the last place of each, and of it. */
const TOLERANCE = 3 * 2 ** -11;

function random(counter: number, length: number): Float64Array {
  return Float64Array.from(fillNormal(new Float32Array(length), 3, Purpose.Samples, counter));
}

Deno.test("products in half precision are as near to float64 as f16 allows", async (t) => {
  using gpu = await openGpu();
  if (!gpu.has("shader-f16")) return console.log("skipped: this adapter has no shader-f16");
  const pixels = SHAPE.batch * SHAPE.height * SHAPE.width;
  const big = random(1, 4 * pixels * SHAPE.big);
  const small = random(2, pixels * SHAPE.small);
  const weight = random(3, 16 * SHAPE.big * SHAPE.small);
  const expected = {
    down: down(big, weight, SHAPE),
    up: up(small, weight, SHAPE),
    "weight gradient": convWeightGradient(big, small, SHAPE),
  };
  for (const product of ["down", "up", "weight gradient"] as const) {
    for (const { name } of candidates(gpu, product, SHAPE)) {
      await t.step(`${product}, ${name}`, async () => {
        setKernelSelector(gpu, () => name);
        const workspace = new Workspace(gpu);
        const conv = new Conv(workspace, SHAPE);
        const operands = { big, small, weight, out: expected[product].length };
        const { out } = await runKernels(gpu, operands, (program, s) => {
          if (product === "down") conv.recordDown(program, s.big, s.weight, s.out);
          else if (product === "up") conv.recordUp(program, s.small, s.weight, s.out);
          else conv.recordWeightGradient(program, s.big, s.small, s.out);
        });
        workspace.destroy();
        const error = relativeError(out, expected[product]);
        assert.ok(error < TOLERANCE, `error ${error}`);
        assert.ok(error > 1e-5, `error ${error}: that was not half precision`);
      });
    }
  }
});

/** The losses are scaled up so that small gradients survive f16; Adam must take the scale away. */
async function assertMomentsOfOneSize(single: Trainer, half: Trainer): Promise<void> {
  const [a, b] = [(await single.snapshot()).tensors, (await half.snapshot()).tensors];
  for (const [name, { data }] of a) {
    if (!name.startsWith("adam.")) continue;
    const other = b.get(name)!.data;
    const ratio = Math.sqrt(dot(other, other) / dot(data, data));
    assert.ok(ratio > 0.9 && ratio < 1.1, `${name} is ${ratio} times as large in half precision`);
  }
}

Deno.test("training in half precision follows training in single precision", async () => {
  using gpu = await openGpu();
  if (!gpu.has("shader-f16")) return console.log("skipped: this adapter has no shader-f16");
  // One tile, the one that compiles fastest: each of them is held to float64 above.
  setKernelSelector(gpu, (_, { half }) => half ? "half tiled 32x32/4x4" : undefined);
  const settings = { size: 32, width: 8, batch: 8, seed: 2 } as const;
  using single = Trainer.create(gpu, settings);
  using half = Trainer.create(gpu, { ...settings, half: true });
  for (let step = 0; step < 8; step++) {
    const photos = Uint8Array.from(
      { length: 8 * 32 * 32 * 3 },
      (_, i) => 40 + hash4(step, i >> 9, 0, 0)[0] % 170,
    );
    single.step(photos);
    half.step(photos);
    if (step === 0) await assertMomentsOfOneSize(single, half);
  }
  const [a, b] = [await single.readMetrics(), await half.readMetrics()];
  a.forEach((metrics, step) => {
    for (const key of ["errD", "errG", "D_x", "D_G_z1", "D_G_z2"] as const) {
      const difference = Math.abs(metrics[key] - b[step][key]);
      assert.ok(difference < 0.02 * (1 + step), `${key} of step ${step} differs by ${difference}`);
    }
  });
  assert.notDeepEqual(a, b, "half precision changed nothing");
});

Deno.test("Trainer.create() refuses half precision where the adapter has none", async () => {
  using gpu = await openGpu();
  const without = new Gpu(gpu.device, { ...gpu.summary, features: [] });
  assert.throws(() => Trainer.create(without, { half: true }), (error: Error) => {
    return error instanceof UserError && /half precision/.test(error.message);
  });
});
