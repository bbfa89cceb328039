/**
 * From a shader's text and its constants to a pipeline, compiled once per device.
 *
 * @module
 */

import type { Gpu } from "./device.ts";
import { type Constants, expandTemplate } from "./template.ts";

/** A specialised shader, ready to dispatch. */
export interface Kernel {
  /** What it computes: the name under which timings are reported. */
  readonly label: string;
  /** The compiled pipeline. */
  readonly pipeline: GPUComputePipeline;
  /** The bindings it writes to. */
  readonly writes: readonly number[];
}

/**
 * Specialises `source` with `constants` and compiles it; the same text is compiled once.
 *
 * @throws {Error} If the shader does not compile: a bug in it, or a driver's.
 */
export function makeKernel(
  gpu: Gpu,
  label: string,
  source: string,
  constants: Constants = {},
): Kernel {
  const code = expandTemplate(source, constants);
  let pipeline = gpu.pipelines.get(code);
  if (!pipeline) {
    const module = gpu.device.createShaderModule({ label, code });
    pipeline = gpu.device.createComputePipeline({
      label,
      layout: "auto",
      compute: { module, entryPoint: "main" },
    });
    gpu.pipelines.set(code, pipeline);
  }
  return { label, pipeline, writes: writtenBindings(code) };
}

/** The numbers of the bindings that a shader declares writable. */
function writtenBindings(code: string): number[] {
  const declaration = /@binding\((\d+)\)\s*var(?:<storage, *read_write>|[^;<]*<\w+, *write>)/g;
  return [...code.matchAll(declaration)].map(([, binding]) => Number(binding));
}
