/**
 * Settings of Mesa's software adapter, llvmpipe. It reads them from the environment when the first
 * adapter is asked for; other adapters take no notice of them.
 *
 * @module
 */

import { readVariable } from "../files/variable.ts";
import { lavapipeHeaderVersion } from "./vulkan_manifest.ts";

/** What is known of the networks to train before an adapter is asked for, if there are any. */
export interface ExpectedNetworks {
  /** Channels of the narrowest hidden layer. */
  readonly width?: number;
  /** Lanes that a run to go on with had: with others it would not end in the same bits. */
  readonly lanes?: number | undefined;
}

/** Values for llvmpipe's variables; undefined leaves one as the driver has it. */
export interface SoftwareDriverSettings {
  /** LP_NATIVE_VECTOR_WIDTH: bits of a vector register; 32 make a lane of the subgroup kernels. */
  readonly vectorBits: number | undefined;
  /** LP_NUM_THREADS: threads that compute. */
  readonly threads: number | undefined;
}

/** From this width on a layer has channels enough for sixteen lanes (docs/performance.md). */
const WIDTH_FOR_16_LANES = 32;

/**
 * The last Mesa known to be right and fast with sixteen lanes, by its Vulkan headers: 22.3. From 25.0 at
 * the latest the upper eight read zeros from textures (gpu/texture_lanes.ts), and a value is handed
 * round by a loop (docs/performance.md).
 */
const LAST_HEADERS_FOR_16_LANES = 235;

/** Up to this width a step is many short dispatches, and a core waits less with two threads. */
const WIDTH_FOR_MORE_THREADS = 16;

/** A machine and its driver. */
export interface Machine {
  /** Threads that the processor runs at a time. */
  readonly cores: number;
  /** Whether the processor has AVX-512. */
  readonly avx512: boolean;
  /** The driver's Vulkan headers ({@linkcode lavapipeHeaderVersion}). */
  readonly headers: number | undefined;
}

/** What suits networks on a machine. */
export function softwareDriverSettings(
  { width, lanes }: ExpectedNetworks,
  machine: Machine,
): SoftwareDriverSettings {
  const wide = (width ?? 0) >= WIDTH_FOR_16_LANES;
  const suited = lanes ?? (wide && machine.avx512 ? 16 : 8);
  // Eight also where registers hold four, on ARM and without AVX2: the driver makes a vector of two, and
  // for four there are no subgroup kernels, which are ten times as fast.
  const wanted = suited === 16 && (machine.headers ?? Infinity) > LAST_HEADERS_FOR_16_LANES
    ? 8
    : suited;
  const narrow = width !== undefined && width <= WIDTH_FOR_MORE_THREADS;
  return {
    vectorBits: wanted === 8 || wanted === 16 ? 32 * wanted : undefined,
    threads: narrow && machine.cores <= 4 ? 2 * machine.cores : undefined,
  };
}

/** This machine; what costs time to find out is found out when it is asked for. */
const THIS_MACHINE: Machine = {
  cores: navigator.hardwareConcurrency,
  get avx512() {
    return hasAvx512();
  },
  get headers() {
    return lavapipeHeaderVersion();
  },
};

/**
 * Sets llvmpipe's variables for this process, those that are unset and that Deno was given. To be called
 * before the first adapter is asked for.
 */
export function prepareSoftwareDriver(networks: ExpectedNetworks): void {
  if (Deno.build.os !== "linux") return;
  const { vectorBits, threads } = softwareDriverSettings(networks, THIS_MACHINE);
  setVariable("LP_NATIVE_VECTOR_WIDTH", vectorBits);
  setVariable("LP_NUM_THREADS", threads);
}

function setVariable(variable: string, value: number | undefined): void {
  if (value === undefined || readVariable(variable) !== undefined) return;
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  if (state === "granted") Deno.env.set(variable, String(value));
}

const LSCPU = "/usr/bin/lscpu";

/** Whether the processor has AVX-512, as far as this process may find out. */
function hasAvx512(): boolean {
  // Deno gives /proc/cpuinfo only to programs that may do everything; lscpu is a permission of its own.
  const { state } = Deno.permissions.querySync({ name: "run", command: LSCPU });
  if (state !== "granted") return false;
  try {
    const { stdout } = new Deno.Command(LSCPU, { stdin: "null", stderr: "null" }).outputSync();
    return /\bavx512f\b/.test(new TextDecoder().decode(stdout));
  } catch {
    return false; // no lscpu here
  }
}
