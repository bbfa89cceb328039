/** Products of convolutions at odd shapes beside float64: in Deno, and in a page. */

import type { Gpu } from "../src/gpu/device.ts";
import { Conv } from "../src/ops/conv/conv.ts";
import { type ConvShape, type Product, PRODUCTS } from "../src/ops/conv/product.ts";
import { candidates, setKernelSelector } from "../src/ops/conv/selection.ts";
import { Workspace } from "../src/ops/conv/workspace.ts";
import { randomArray, relativeError } from "./arrays.ts";
import { rounded, runKernels } from "./kernels.ts";
import { convWeightGradient, down, up } from "./reference/conv.ts";

/** Sizes of the networks at odd batches and widths, and sizes that no tile divides. */
export const ODD_SHAPES: readonly ConvShape[] = [
  { batch: 1, height: 1, width: 1, big: 4, small: 4 },
  { batch: 1, height: 4, width: 4, big: 32, small: 64 }, // width 8, 4x4 pixels
  { batch: 3, height: 32, width: 32, big: 4, small: 12 }, // width 12, the pictures' side
  { batch: 3, height: 4, width: 4, big: 48, small: 96 }, // width 12, 4x4 pixels
  { batch: 2, height: 4, width: 4, big: 128, small: 132 }, // pixels a gap apart in textures
  { batch: 17, height: 8, width: 8, big: 4, small: 8 },
  { batch: 17, height: 4, width: 4, big: 12, small: 20 },
  { batch: 2, height: 3, width: 7, big: 20, small: 28 },
  { batch: 5, height: 9, width: 1, big: 36, small: 4 },
];

/** Numbers for the three tensors of a shape, as float32 holds them. */
export function operands({ batch, height, width, big, small }: ConvShape) {
  return {
    big: rounded(randomArray(batch * 4 * height * width * big, 1)),
    small: rounded(randomArray(batch * height * width * small, 2)),
    weight: rounded(randomArray(16 * big * small, 3)).map((w) => w / 16),
  };
}

/** How far a variant is from float64, as {@linkcode relativeError} counts. */
export interface ProductError {
  readonly product: Product;
  readonly shape: ConvShape;
  readonly variant: string;
  readonly error: number;
}

/** Computes every product of every odd shape with the variants of these that this GPU has for it. */
export async function oddProducts(
  gpu: Gpu,
  variants: readonly string[],
): Promise<ProductError[]> {
  const errors: ProductError[] = [];
  for (const shape of ODD_SHAPES) {
    const { big, small, weight } = operands(shape);
    const expected = {
      down: down(big, weight, shape),
      up: up(small, weight, shape),
      "weight gradient": convWeightGradient(big, small, shape),
    };
    for (const product of PRODUCTS) {
      const length = expected[product].length;
      for (const { name: variant } of candidates(gpu, product, shape)) {
        if (!variants.includes(variant)) continue;
        setKernelSelector(gpu, () => variant);
        const workspace = new Workspace(gpu);
        const conv = new Conv(workspace, shape);
        const { out } = await runKernels(gpu, { big, small, weight, out: length }, (program, s) => {
          if (product === "down") conv.recordDown(program, s.big, s.weight, s.out);
          else if (product === "up") conv.recordUp(program, s.small, s.weight, s.out);
          else conv.recordWeightGradient(program, s.big, s.small, s.out);
        });
        workspace.destroy();
        errors.push({ product, shape, variant, error: relativeError(out, expected[product]) });
      }
    }
  }
  setKernelSelector(gpu, undefined);
  return errors;
}
