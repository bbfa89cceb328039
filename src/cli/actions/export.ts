/**
 * `export`: writes a trained generator for other programs.
 *
 * @module
 */

import { writeFileAtomic } from "../../files/atomic.ts";
import { VERSION } from "../../host/versions.ts";
import { exportGenerator } from "../../train/exported_generator.ts";
import type { EXPORT } from "../commands/export.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { openCheckpoint } from "./open_checkpoint.ts";

/** Writes both files. */
export async function exportFiles(
  { options, args }: Invocation<typeof EXPORT>,
): Promise<number> {
  const { path, checkpoint } = await openCheckpoint(args[0], warn);
  const exported = exportGenerator(
    checkpoint,
    ["facadegan", VERSION],
    options.weights === undefined ? {} : { weights: options.weights },
  );
  const stem = options.out.replace(/\.(safetensors|onnx)$/, "");
  const written = { safetensors: exported.safetensors, onnx: exported.onnx };
  for (const [ending, bytes] of Object.entries(written)) {
    await writeFileAtomic(`${stem}.${ending}`, bytes);
  }
  if (!options.quiet) {
    TERMINAL.write(
      `The generator of ${path} (${exported.weights} weights, step ${checkpoint.stepsDone}):\n` +
        Object.keys(written).map((ending) => `  ${stem}.${ending}\n`).join(""),
    );
  }
  return 0;
}
