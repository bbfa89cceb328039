/**
 * `verify`: replays a run that PyTorch recorded.
 *
 * @module
 */

import { verifyFixture } from "../../files/recording_file.ts";
import { VERIFY_LIMITS } from "../../train/replay.ts";
import type { VERIFY } from "../commands/verify.ts";
import type { Invocation } from "../invocation.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints how close the replays came; status 1 where that is too far. */
export async function verify({ options, args }: Invocation<typeof VERIFY>): Promise<number> {
  using gpu = await openTunedGpu();
  const report = await verifyFixture(gpu, args[0], options.kernels);
  if (options.json) {
    TERMINAL.write(`${JSON.stringify(report)}\n`);
    return report.pass ? 0 : 1;
  }
  for (const [kernels, replay] of Object.entries(report.kernels)) {
    const lines: [string, number, number][] = [
      ["any step", replay.max_step_err, VERIFY_LIMITS.max_step_err],
      ["final weights", replay.max_weight_rel_l2, VERIFY_LIMITS.max_weight_rel_l2],
    ];
    TERMINAL.write(`${kernels} kernels\n`);
    for (const [what, error, limit] of lines) {
      TERMINAL.write(
        `  ${what.padEnd(14)} error ${error.toExponential(2)}, limit ${limit.toExponential()}: ${
          error <= limit ? "within" : "TOO FAR"
        }\n`,
      );
    }
    TERMINAL.write(`  worst tensor   ${replay.worst_tensor}\n`);
  }
  TERMINAL.write(`${report.pass ? "PASS" : "FAIL"}: ${report.fixture}\n`);
  return report.pass ? 0 : 1;
}
