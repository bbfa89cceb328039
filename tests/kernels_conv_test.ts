import assert from "node:assert/strict";
import { type Gpu, openGpu } from "../src/gpu/device.ts";
import { type Activation, recordActivationBackward } from "../src/ops/activation.ts";
import { candidates, setKernelSelector } from "../src/ops/conv/selection.ts";
import { Conv } from "../src/ops/conv/conv.ts";
import type { Product } from "../src/ops/conv/product.ts";
import { Workspace } from "../src/ops/conv/workspace.ts";
import { ODD_SHAPES, operands } from "./conv_products.ts";
import { activate } from "./reference/activation.ts";
import { convWeightGradient, down, up } from "./reference/conv.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, randomArray } from "./numeric.ts";

const TOLERANCE = 1e-5;

/** Calls `check` for every shape with every variant of a product that can do it. */
async function withVariants(
  product: Product,
  check: (gpu: Gpu, conv: Conv, variant: string) => Promise<void>,
): Promise<void> {
  using gpu = await openGpu();
  for (const shape of ODD_SHAPES) {
    for (const { name } of candidates(gpu, product, shape)) {
      setKernelSelector(gpu, () => name);
      const workspace = new Workspace(gpu);
      await check(gpu, new Conv(workspace, shape), `${name} ${JSON.stringify(shape)}`);
      workspace.destroy();
    }
  }
}

/** The reference's activation of this name. */
function activated(x: Float64Array, activation: Activation): Float64Array {
  if (activation === "none") return x;
  return activate(x, activation === "tanh" ? "tanh" : "leaky");
}

Deno.test("Conv.recordDown() agrees with the float64 reference at odd shapes, whatever the variant", async () => {
  await withVariants("down", async (gpu, conv, name) => {
    const { big, weight, small } = operands(conv.shape);
    const expected = down(big, weight, conv.shape);
    for (const activation of ["none", "leaky_relu"] satisfies Activation[]) {
      const result = await runKernels(gpu, { big, weight, out: small.length }, (program, s) => {
        conv.recordDown(program, s.big, s.weight, s.out, activation);
      });
      assertClose(result.out, activated(expected, activation), TOLERANCE, `${activation} ${name}`);
    }
  });
});

Deno.test("Conv.recordUp() agrees with the float64 reference at odd shapes, whatever the variant", async () => {
  await withVariants("up", async (gpu, conv, name) => {
    const { big, weight, small } = operands(conv.shape);
    const expected = up(small, weight, conv.shape);
    for (const activation of ["none", "tanh"] satisfies Activation[]) {
      const result = await runKernels(gpu, { small, weight, out: big.length }, (program, s) => {
        conv.recordUp(program, s.small, s.weight, s.out, activation);
      });
      assertClose(result.out, activated(expected, activation), TOLERANCE, `${activation} ${name}`);
    }
  });
});

Deno.test("Conv.recordWeightGradient() agrees with the float64 reference at odd shapes, whatever the variant", async () => {
  await withVariants("weight gradient", async (gpu, conv, name) => {
    const { big, weight, small } = operands(conv.shape);
    const expected = convWeightGradient(big, small, conv.shape);
    const { out } = await runKernels(gpu, { big, small, out: weight.length }, (program, s) => {
      conv.recordWeightGradient(program, s.big, s.small, s.out);
    });
    assertClose(out, expected, TOLERANCE, name);
  });
});

Deno.test("Conv finds pictures where an elementwise kernel left them, in a buffer or a bordered texture", async () => {
  using gpu = await openGpu();
  const shape = { batch: 3, height: 4, width: 8, big: 12, small: 8 };
  const { big, small, weight } = operands(shape);
  const before = rounded(randomArray(small.length, 4));
  for (const variant of ["direct", "winograd 2x2"]) {
    setKernelSelector(gpu, () => variant);
    const workspace = new Workspace(gpu);
    const conv = new Conv(workspace, shape);
    const result = await runKernels(
      gpu,
      {
        ...{ big, small, before, weight, g: big.length, h: small.length },
        ...{ down: small.length, up: big.length },
      },
      (program, s) => {
        const [g, h] = [conv.bigTarget(gpu, s.g), conv.smallTarget(gpu, s.h)];
        recordActivationBackward(program, "tanh", s.big, s.big, g, big.length);
        conv.recordDown(program, s.g, s.weight, s.down);
        // Twice: what was packed or stored first must not be read again.
        recordActivationBackward(program, "tanh", s.before, s.before, h, small.length);
        conv.recordUp(program, s.h, s.weight, s.up);
        recordActivationBackward(program, "tanh", s.small, s.small, h, small.length);
        conv.recordUp(program, s.h, s.weight, s.up);
      },
    );
    workspace.destroy();
    const gradient = (y: Float64Array) => y.map((v) => v * (1 - v * v));
    assertClose(result.down, down(gradient(big), weight, shape), TOLERANCE, `down ${variant}`);
    assertClose(result.up, up(gradient(small), weight, shape), TOLERANCE, `up ${variant}`);
  }
});

Deno.test("products of more tiles than a dimension of a grid has groups go on in its next layers", async () => {
  using gpu = await openGpu();
  const shape = { batch: 517, height: 32, width: 32, big: 4, small: 4 };
  const { big, weight, small } = operands(shape);
  for (const product of ["down", "up"] as const) {
    const name = "winograd 1x1 by 16";
    if (!candidates(gpu, product, shape).some((one) => one.name === name)) continue;
    setKernelSelector(gpu, () => name);
    const workspace = new Workspace(gpu);
    const conv = new Conv(workspace, shape);
    const out = product === "down" ? small.length : big.length;
    const result = await runKernels(gpu, { big, weight, small, out }, (program, s) => {
      if (product === "down") conv.recordDown(program, s.big, s.weight, s.out);
      else conv.recordUp(program, s.small, s.weight, s.out);
      assert.ok(program.dispatches.some(({ workgroups: [, y, z] }) => y * z > 4 * 8192 && z > 1));
    });
    const expected = product === "down" ? down(big, weight, shape) : up(small, weight, shape);
    assertClose(result.out, expected, TOLERANCE, product);
    workspace.destroy();
  }
});
