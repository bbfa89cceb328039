/** Runs kernels on given numbers, in a way that lets no stale or stray number pass for a result. */

import { makeBuffer, readBack, type Slice, sliceOf, upload } from "../src/gpu/buffers.ts";
import type { Gpu } from "../src/gpu/device.ts";
import { Program, run } from "../src/gpu/program.ts";

/** Floats before and behind every operand: NaN before a run, and still NaN after it. */
const GUARD = 64;

/** An operand's content: numbers that are read (and updated), or the length of a pure output. */
export type Operand = ArrayLike<number> | number;

/**
 * Records one program on buffers for the operands, runs it and returns what the buffers then hold.
 *
 * It runs twice: first with NaN in every operand, so that whatever workspace an operation keeps is
 * poisoned; then on the given numbers, with NaN in the outputs and around every operand.
 *
 * @throws If a kernel wrote beside an operand.
 */
export async function runKernels<Name extends string>(
  gpu: Gpu,
  operands: Record<Name, Operand>,
  record: (program: Program, slices: Record<Name, Slice>) => void,
): Promise<Record<Name, Float32Array>> {
  const names = Object.keys(operands) as Name[];
  const length = (name: Name) => {
    const operand: Operand = operands[name];
    return typeof operand === "number" ? operand : operand.length;
  };
  const buffers = names.map((name) => makeBuffer(gpu, name, length(name) + 2 * GUARD));
  const fill = (content: (name: Name) => ArrayLike<number>) =>
    names.forEach((name, i) => {
      const floats = new Float32Array(buffers[i].size / 4).fill(NaN);
      floats.set(content(name), GUARD);
      upload(gpu, buffers[i], floats);
    });
  try {
    const slices = Object.fromEntries(
      names.map((name, i) => [name, sliceOf(buffers[i], GUARD, length(name))]),
    ) as Record<Name, Slice>;
    const program = new Program(gpu);
    record(program, slices);
    fill(() => []);
    run(gpu, program);
    fill((name) => {
      const operand: Operand = operands[name];
      return typeof operand === "number" ? [] : operand;
    });
    run(gpu, program);
    const contents = await readBack(gpu, buffers);
    return Object.fromEntries(names.map((name, i) => {
      const end = GUARD + length(name);
      const around = [...contents[i].subarray(0, GUARD), ...contents[i].subarray(end)];
      if (!around.every(Number.isNaN)) throw new Error(`a kernel wrote beside ${name}`);
      return [name, contents[i].slice(GUARD, end)];
    })) as Record<Name, Float32Array>;
  } finally {
    for (const { buffer } of buffers) buffer.destroy();
  }
}

/** The nearest float32 numbers: what a kernel is really given. */
export function rounded(x: Float64Array): Float64Array {
  return Float64Array.from(Float32Array.from(x));
}
