import { openGpu } from "../src/gpu/device.ts";
import { evenTaps, recordEvenTaps } from "../src/ops/even_taps.ts";
import { nearestResizeKernel, resizeKernel } from "./reference/even_taps.ts";
import { up } from "./reference/conv.ts";
import { rounded, runKernels } from "./kernels.ts";
import { assertClose, randomArray } from "./numeric.ts";

Deno.test("recordEvenTaps() finds the nearest kernels of resizing and a 3x3 convolution", async () => {
  using gpu = await openGpu();
  for (const count of [4, 48, 260]) {
    const weight = rounded(randomArray(16 * count, count));
    const result = await runKernels(gpu, { weight }, (program, s) => {
      recordEvenTaps(program, s.weight);
    });
    const expected = new Float64Array(16 * count);
    const inTorch = new Float32Array(16 * count); // [kernel][tap]
    for (let i = 0; i < count; i++) {
      const taps = Array.from({ length: 16 }, (_, tap) => weight[tap * count + i]);
      inTorch.set(taps, 16 * i);
      nearestResizeKernel(taps).forEach((value, tap) => expected[tap * count + i] = value);
    }
    assertClose(result.weight, expected, 1e-6, `${count} kernels`);
    // The initial weights: the same, scaled up to the variance they had.
    const host = evenTaps(inTorch);
    const ours = expected.map((_, at) => host[16 * (at % count) + Math.floor(at / count)] * 3 / 4);
    assertClose(ours, expected, 1e-6, `${count} initial kernels`);
  }
});

Deno.test("such a kernel is resizing and a 3x3 convolution, borders included", () => {
  const [side, small] = [5, randomArray(9, 1)];
  const x = randomArray(side * side, 2);
  const shape = { batch: 1, height: side, width: side, big: 1, small: 1 };
  const expected = new Float64Array(4 * side * side);
  for (let y = 0; y < 2 * side; y++) {
    for (let at = 0; at < 2 * side; at++) {
      for (let k = 0; k < 9; k++) {
        const [v, u] = [y + 1 - Math.floor(k / 3), at + 1 - k % 3];
        if (v < 0 || u < 0 || v >= 2 * side || u >= 2 * side) continue;
        expected[2 * side * y + at] += small[k] * x[side * (v >> 1) + (u >> 1)];
      }
    }
  }
  assertClose(up(x, resizeKernel(small), shape), expected, 1e-12, "pictures");
});
