/**
 * `verify`: replays a run that PyTorch recorded.
 *
 * @module
 */

import { VERIFY_LIMITS, verifyFixture } from "../../train/replay.ts";
import type { VERIFY } from "../commands/verify.ts";
import type { Invocation } from "../invocation.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { TERMINAL } from "../terminal.ts";

/** Prints how close the replay came; status 1 where that is too far. */
export async function verify({ options, args }: Invocation<typeof VERIFY>): Promise<number> {
  using gpu = await openTunedGpu();
  const report = await verifyFixture(gpu, args[0], options.kernels);
  if (options.json) {
    TERMINAL.write(`${JSON.stringify(report)}\n`);
    return report.pass ? 0 : 1;
  }
  const lines: [string, number, number][] = [
    ["first step", report.first_step_err, VERIFY_LIMITS.first_step_err],
    ["any step", report.max_step_err, VERIFY_LIMITS.max_step_err],
    ["final weights", report.max_weight_rel_l2, VERIFY_LIMITS.max_weight_rel_l2],
  ];
  for (const [what, error, limit] of lines) {
    TERMINAL.write(
      `${what.padEnd(14)} error ${error.toExponential(2)}, limit ${limit}: ${
        error <= limit ? "within" : "TOO FAR"
      }\n`,
    );
  }
  TERMINAL.write(
    `worst tensor   ${report.worst_tensor}\n${report.pass ? "PASS" : "FAIL"}: ${report.fixture}\n`,
  );
  return report.pass ? 0 : 1;
}
