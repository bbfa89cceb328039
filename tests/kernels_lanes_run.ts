/**
 * Every kernel that is written for subgroups, beside the float64 reference: a program of its own, because
 * the lanes of the software adapter are decided when a process first asks for one.
 */

import { openGpu } from "../src/gpu/device.ts";
import { Conv } from "../src/ops/conv/conv.ts";
import { lanesOf } from "../src/ops/conv/lanes.ts";
import { type ConvShape, type Product, PRODUCTS } from "../src/ops/conv/product.ts";
import { candidates, setKernelSelector } from "../src/ops/conv/selection.ts";
import { Workspace } from "../src/ops/conv/workspace.ts";
import { convWeightGradient, down, up } from "./reference/conv.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, randomArray } from "./numeric.ts";

/** Channels that fill the lanes and channels that do not; the pictures' side. */
const SHAPES: readonly ConvShape[] = [
  { batch: 3, height: 4, width: 4, big: 48, small: 96 },
  { batch: 2, height: 8, width: 16, big: 4, small: 12 },
  { batch: 1, height: 4, width: 32, big: 12, small: 68 },
];

using gpu = await openGpu();
const variants: Record<Product, string[]> = { "down": [], "up": [], "weight gradient": [] };
for (const shape of SHAPES) {
  const { batch, height, width } = shape;
  const big = rounded(randomArray(4 * batch * height * width * shape.big, 1));
  const small = rounded(randomArray(batch * height * width * shape.small, 2));
  const weight = rounded(randomArray(16 * shape.big * shape.small, 3)).map((w) => w / 16);
  for (const product of PRODUCTS) {
    const written = product === "down" ? small : product === "up" ? big : weight;
    const expected = product === "down"
      ? down(big, weight, shape)
      : product === "up"
      ? up(small, weight, shape)
      : convWeightGradient(big, small, shape);
    for (const { name, readsTextures } of candidates(gpu, product, shape)) {
      if (!readsTextures) continue;
      setKernelSelector(gpu, () => name);
      const workspace = new Workspace(gpu);
      const conv = new Conv(workspace, shape);
      const operands = { big, small, weight, out: written.length };
      const { out } = await runKernels(gpu, operands, (program, s) => {
        if (product === "down") conv.recordDown(program, s.big, s.weight, s.out);
        else if (product === "up") conv.recordUp(program, s.small, s.weight, s.out);
        else conv.recordWeightGradient(program, s.big, s.small, s.out);
      });
      workspace.destroy();
      assertClose(out, expected, 1e-5, `${product} ${name} ${JSON.stringify(shape)}`);
      if (!variants[product].includes(name)) variants[product].push(name);
    }
  }
}
console.log(JSON.stringify({ lanes: lanesOf(gpu), variants }));
