/** Run folders as the studio reads them, without a training. */

import { join } from "node:path";

/** A line of metrics.jsonl. */
export function metricsLine(step: number, errD: number): string {
  return `${JSON.stringify({ step, errD, errG: 1, D_x: 1, D_G_z1: 0, D_G_z2: 0 })}\n`;
}

/** Writes a run: its steps with their errD. */
export async function writeRun(
  run: string,
  metrics: readonly (readonly [step: number, errD: number])[],
  times: readonly string[] = [],
): Promise<void> {
  for (const name of ["samples", "checkpoints"]) {
    await Deno.mkdir(join(run, name), { recursive: true });
  }
  const sessions = times.map((time) => ({ time, fromStep: 0 }));
  await Deno.writeTextFile(
    join(run, "config.json"),
    JSON.stringify({ options: {}, train: { loss: "ls", size: 64 }, sessions }),
  );
  await Deno.writeTextFile(
    join(run, "metrics.jsonl"),
    metrics.map(([step, errD]) => metricsLine(step, errD)).join(""),
  );
}
