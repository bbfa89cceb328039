/**
 * `doctor`: what this machine offers, and whether it computes right.
 *
 * @module
 */

import { cacheDir } from "../../data/mod.ts";
import { openGpu } from "../../host/open_gpu.ts";
import { slowBackend } from "../adapter_words.ts";
import type { DOCTOR } from "../commands/machine.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { VERSIONS } from "../../host/versions.ts";
import { tryKernel } from "./try_kernel.ts";

/** Prints what there is; status 1 where the kernel computes wrong. */
export async function doctor({ options }: Invocation<typeof DOCTOR>): Promise<number> {
  using gpu = await openGpu();
  const adapter = await navigator.gpu.requestAdapter();
  const kernel = await tryKernel(gpu);
  const report = {
    versions: VERSIONS,
    system: `${Deno.build.os} ${Deno.build.arch}, ${navigator.hardwareConcurrency} cores`,
    adapter: gpu.summary,
    adapterFeatures: [...adapter?.features ?? []].sort(),
    kernel,
    cache: cacheDir(),
  };
  if (options.json) {
    TERMINAL.write(`${JSON.stringify(report)}\n`);
    return kernel.right ? 0 : 1;
  }
  const { name, vendor, architecture, software, features, limits, subgroupSizes } = gpu.summary;
  const slow = slowBackend(gpu.summary);
  const rows: [string, string][] = [
    ...Object.entries(VERSIONS),
    ["system", report.system],
    ["adapter and driver", `${name}${software ? " (software: the processor computes)" : ""}`],
    ["backend", gpu.summary.backend ?? "unknown"],
    ["subgroup", subgroupSizes ? [...new Set(subgroupSizes)].join(" to ") : "not to be had"],
    ["vendor", [vendor, architecture].filter((part) => part !== "").join(", ")],
    ["features used", features.join(", ") || "none"],
    ["features there", report.adapterFeatures.join(", ") || "none"],
    ...Object.entries(limits).map(([limit, value]): [string, string] => [limit, String(value)]),
    ["cache folder", report.cache ?? "none: neither HOME nor XDG_CACHE_HOME is set"],
    [
      "small kernel",
      kernel.right
        ? `right: ${kernel.elements} numbers in ${
          kernel.milliseconds.toFixed(1)
        } ms, compiling included`
        : `WRONG: element ${kernel.firstWrong} is not what it should be; update the driver`,
    ],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) TERMINAL.write(`${label.padEnd(width)}  ${value}\n`);
  if (slow) warn(slow);
  return kernel.right ? 0 : 1;
}
