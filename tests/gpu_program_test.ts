import assert from "node:assert/strict";
import { makeBuffer, readBack } from "../src/gpu/buffers.ts";
import { openGpu } from "../src/gpu/device.ts";
import { makeKernel } from "../src/gpu/kernel.ts";
import { compileAhead, Program, run } from "../src/gpu/program.ts";

const COUNT_UP = `
@group(0) @binding(0) var<storage, read_write> count: array<f32>;
@compute @workgroup_size(1) fn main() { count[0] += 1.0; }`;

Deno.test("compileAhead() runs no kernel", async () => {
  using gpu = await openGpu();
  const count = makeBuffer(gpu, "count", 4);
  const program = new Program(gpu);
  program.dispatch(makeKernel(gpu, "count up", COUNT_UP), [count], [1, 1, 1]);
  compileAhead(gpu, program.dispatches);
  assert.equal((await readBack(gpu, [count]))[0][0], 0);
  run(gpu, program);
  assert.equal((await readBack(gpu, [count]))[0][0], 1);
});

Deno.test("a grid of more groups than a dimension holds is an error where it is recorded", async () => {
  using gpu = await openGpu();
  const count = makeBuffer(gpu, "count", 4);
  const kernel = makeKernel(gpu, "count up", COUNT_UP);
  assert.throws(
    () => new Program(gpu).dispatch(kernel, [count], [65536, 1, 1]),
    /count up: a grid of 65536,1,1 is not folded/,
  );
});
