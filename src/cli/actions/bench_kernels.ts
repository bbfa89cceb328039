/**
 * `bench roofline` and `bench kernels`: what the adapter can do, and what the kernels make of it.
 *
 * @module
 */

import { UserError } from "../../errors.ts";
import { canTime } from "../../gpu/timing.ts";
import { measureRoofline, type Roofline } from "../../bench/roofline.ts";
import { type KernelShare, profileStep } from "../../bench/step_profile.ts";
import type { PictureSize } from "../../model/layers.ts";
import type { BENCH_KERNELS, BENCH_ROOFLINE } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints the adapter's ceilings. */
export async function benchRoofline(
  { options }: Invocation<typeof BENCH_ROOFLINE>,
): Promise<number> {
  using gpu = await openTunedGpu();
  const roofline = await measureRoofline(gpu);
  TERMINAL.write(
    options.json
      ? `${JSON.stringify({ adapter: gpu.summary.name, ...roofline })}\n`
      : `${gpu.summary.name}\n${describe(roofline)}\n`,
  );
  return 0;
}

function describe({ gflops, gbPerSecond, dispatchUs }: Roofline): string {
  return `ceilings: ${gflops.toFixed(1)} GFLOP/s of multiply-adds, ` +
    `${gbPerSecond.toFixed(1)} GB/s read and written,\n` +
    `${dispatchUs.toFixed(1)} us of host time a dispatch`;
}

/** Prints a training step's time by kernel, largest first. */
export async function benchKernels({ options }: Invocation<typeof BENCH_KERNELS>): Promise<number> {
  const { batch, width, loss, json } = options;
  const size = options.size as PictureSize; // the command line takes no other
  using gpu = await openTunedGpu({}, { width });
  if (!canTime(gpu)) {
    throw new UserError(
      `${gpu.summary.name} has no timestamps to time kernels by; bench step times whole steps`,
    );
  }
  const roofline = await measureRoofline(gpu);
  const kernels = await profileStep(gpu, { size, batch, width, loss }, roofline);
  if (json) {
    const report = { adapter: gpu.summary.name, size, batch, width, ...roofline, kernels };
    TERMINAL.write(`${JSON.stringify(report)}\n`);
    return 0;
  }
  const total = kernels.reduce((sum, { ms }) => sum + ms, 0);
  TERMINAL.write(
    `size ${size}, batch ${batch}, width ${width}\non ${gpu.summary.name}\n${
      describe(roofline)
    }\n\n` +
      table(kernels, total) +
      `\nall kernels ${total.toFixed(1)} ms a step. A product counts as direct convolution,\n` +
      "so Winograd may pass 100%.\n",
  );
  return 0;
}

/** Columns' widths: 80 in all, the first padded on the right. */
const COLUMNS = [31, 6, 8, 8, 9, 8, 9] as const;

/** A step's kernels as lines of at most 80 columns, a longer name cut. */
export function table(kernels: readonly KernelShare[], total: number): string {
  const row = (cells: readonly string[]) =>
    `${
      cells.map((cell, i) =>
        i > 0 ? cell.padStart(COLUMNS[i]) : cell.slice(0, COLUMNS[0]).padEnd(COLUMNS[0])
      ).join("")
    }\n`;
  const head = row(["kernel", "times", "ms", "of step", "GFLOP/s", "GB/s", "ceiling"]);
  return head + kernels.map(({ label, count, ms, gflops, gbPerSecond, share, bound }) =>
    row([
      label,
      String(count),
      ms.toFixed(2),
      `${(100 * ms / total).toFixed(1)}%`,
      gflops.toFixed(1),
      gbPerSecond.toFixed(2),
      `${(100 * share).toFixed(0)}% ${bound === "memory" ? "mem" : "fma"}`,
    ])
  ).join("");
}
