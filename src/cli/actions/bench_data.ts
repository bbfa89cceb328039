/**
 * `bench data`: times the photo pipeline.
 *
 * @module
 */

import { benchData } from "../../bench/data.ts";
import type { BENCH_DATA } from "../commands/bench.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints photos a second and how long a consumer waits. */
export async function benchDataset(
  { options }: Invocation<typeof BENCH_DATA>,
): Promise<number> {
  const { data, workers, batch, json } = options;
  const report = await benchData({
    ...(data === undefined ? {} : { source: data }),
    ...(workers === undefined ? {} : { workers }),
    batch,
  });
  if (json) {
    TERMINAL.write(`${JSON.stringify(report)}\n`);
    return 0;
  }
  const rate = (photos: number): string => `${Math.round(photos)} photos/s`;
  TERMINAL.write(
    `${report.photos} photos, ${report.workers} workers, batch ${report.batch}\n` +
      `cold, decoding:            ${rate(report.cold_images_per_s)}\n` +
      `second start, from cache:  ${rate(report.restart_images_per_s)}\n` +
      `warm, augmenting:          ${rate(report.warm_images_per_s)}\n` +
      `a batch every ${report.pace_ms} ms: waiting ${
        (100 * report.wait_share).toFixed(2)
      }% of the time, ${report.longest_wait_ms.toFixed(1)} ms at most\n`,
  );
  return 0;
}
