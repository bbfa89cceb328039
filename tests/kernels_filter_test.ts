import assert from "node:assert/strict";
import { combination, minimalFilter } from "../src/ops/conv/cook_toom.ts";
import { assertClose, dot, randomArray } from "./numeric.ts";

Deno.test("minimalFilter() correlates with m + r - 1 products", () => {
  for (const [m, r] of [[1, 2], [2, 1], [2, 2], [4, 2], [2, 4], [3, 3]]) {
    const filter = minimalFilter(m, r);
    assert.equal(filter.products, m + r - 1);
    const [d, g] = [randomArray(m + r - 1, m), randomArray(r, r)];
    const expected = Float64Array.from({ length: m }, (_, i) => dot(g, d.subarray(i, i + r)));
    const products = filter.input.map((row, i) => dot(row, d) * dot(filter.taps[i], g));
    assertClose(filter.output.map((row) => dot(row, products)), expected, 1e-13, `F(${m}, ${r})`);
  }
});

Deno.test("combination() writes a sum that leaves out zeros and ones", () => {
  assert.equal(combination([1, 0, -2, 0.5], (i) => `d${i}`), "d0 - 2.0 * d2 + 0.5 * d3");
  assert.equal(combination([-1, 1], (i) => `d${i}`), "- d0 + d1");
});
