/**
 * Recorded runs on disk.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { whyUnreadable } from "./read_error.ts";
import { replayRecording, type VerifyKernels, type VerifyReport } from "../train/replay.ts";

/**
 * Replays the recorded run in a file, with each kernel set unless one is named; see
 * {@linkcode replayRecording}.
 *
 * @throws {UserError} If the file cannot be read or is no recorded run.
 */
export async function verifyFixture(
  gpu: Gpu,
  path: string,
  kernels: VerifyKernels | "both" = "both",
): Promise<VerifyReport> {
  const bytes = await Deno.readFile(path).catch((error: Error) => {
    throw new UserError(`the fixture ${path} cannot be read: ${whyUnreadable(error)}`);
  });
  return await replayRecording(gpu, bytes, { kernels, name: path });
}
