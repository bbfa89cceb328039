/**
 * Everything worth knowing of an adapter in one go and in one object: what whoever has a GPU runs once
 * and sends. It must end within minutes, for a machine may be lent for minutes only.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { canTime } from "../gpu/timing.ts";
import { setKernelSelector } from "../ops/conv/selection.ts";
import type { TunedProduct } from "../tune/tuner.ts";
import { benchData, type DataBench } from "./data.ts";
import { type PeerName, timePeer } from "./peers.ts";
import { measureRoofline, type Roofline } from "./roofline.ts";
import { type KernelShare, profileStep } from "./step_profile.ts";
import { timeSteps } from "./step_times.ts";

/** One setting's whole steps. */
export interface GpuStep {
  /** Photos a step. */
  readonly batch: number;
  /** Channels of the narrowest hidden layer. */
  readonly width: number;
  /** Whether products take half-precision operands. */
  readonly half: boolean;
  /** Whether the kernels were measured first or are the built-in choice. */
  readonly tuned: boolean;
  /** Milliseconds a step: the median of groups of steps, read-backs included. */
  readonly median_ms: number;
  /** Milliseconds a step of the fastest group. */
  readonly best_ms: number;
  /** Milliseconds of host time a step. */
  readonly host_ms: number;
  /** Milliseconds from before the networks are made to the end of the first step. */
  readonly first_step_ms: number;
}

/** PyTorch's step on the same machine, or why there is none. */
export interface PeerStep {
  /** Which PyTorch: eager or compiled, with TF32 or without. */
  readonly peer: PeerName;
  /** Photos a step. */
  readonly batch: number;
  /** Channels of the narrowest hidden layer. */
  readonly width: number;
  /** Milliseconds a step, if it ran. */
  readonly median_ms?: number;
  /** Why it did not. */
  readonly skipped?: string;
}

/** What {@linkcode benchGpu} found. */
export interface GpuReport {
  /** The adapter as its driver names it. */
  readonly adapter: string;
  /** Deno's version, and with it WebGPU's. */
  readonly deno: string;
  /** The adapter's ceilings. */
  readonly roofline: Roofline;
  /** Whole steps of every setting. */
  readonly steps: readonly GpuStep[];
  /** Settings left out as too long for this adapter: "batch 128, width 128". */
  readonly left_out: readonly string[];
  /** What tuning measured, by batch at width 64. */
  readonly tuned: Readonly<Record<string, readonly TunedProduct[]>>;
  /** A step's kernels at batch 64, width 64, by "built-in", "tuned" and "half"; where there are timestamps. */
  readonly kernels: Readonly<Record<string, readonly KernelShare[]>>;
  /** PyTorch beside it. */
  readonly peers: readonly PeerStep[];
  /** The photo pipeline on drawn facades. */
  readonly data: DataBench;
  /** Seconds that all of it took. */
  readonly seconds: number;
}

/** Hooks of {@linkcode benchGpu}. */
export interface GpuBenchOptions {
  /** Measures kernels and uses them from now on. */
  readonly tune: (batch: number, half: boolean) => Promise<readonly TunedProduct[]>;
  /** Takes a line for people at every step. */
  readonly log?: (line: string) => void;
  /** Settings predicted to take longer than this many milliseconds a step are left out; default 2,000. */
  readonly longestStep?: number;
}

const BATCHES = [16, 64, 128];
const WIDTHS = [16, 64, 128];
const CUDA: readonly PeerName[] = [
  "torch-cuda",
  "torch-cuda-tf32",
  "torch-cuda-channels-last",
  "torch-cuda-compile",
];

/**
 * Times the adapter: ceilings, whole steps untuned, tuned and in half precision, kernels, PyTorch where
 * there is one, the photo pipeline.
 */
export async function benchGpu(gpu: Gpu, options: GpuBenchOptions): Promise<GpuReport> {
  const { tune, log = () => {}, longestStep = 2000 } = options;
  const begin = performance.now();
  const steps: GpuStep[] = [];
  const leftOut: string[] = [];
  const kernels: Record<string, readonly KernelShare[]> = {};
  const tuned: Record<string, readonly TunedProduct[]> = {};

  const roofline = await measureRoofline(gpu);
  log(`ceilings ${roofline.gflops.toFixed(0)} GFLOP/s, ${roofline.gbPerSecond.toFixed(0)} GB/s`);

  let msPerWork = 0;
  const time = async (batch: number, width: number, half: boolean, isTuned: boolean) => {
    // Widths over 64 are work by their square, the smaller ones mostly dispatches.
    const work = batch * Math.max(width, 32) ** 2;
    if (work * msPerWork > longestStep) {
      leftOut.push(`batch ${batch}, width ${width}`);
      return;
    }
    const count = gpu.software ? 2 : 60;
    const { medianMs, bestMs, hostMs, firstStepMs } = await timeSteps(
      gpu,
      { batch, width, half },
      count,
    );
    msPerWork = Math.max(msPerWork, medianMs / work);
    steps.push({
      batch,
      width,
      half,
      tuned: isTuned,
      median_ms: medianMs,
      best_ms: bestMs,
      host_ms: hostMs,
      first_step_ms: firstStepMs,
    });
    log(
      `batch ${batch}, width ${width}${half ? ", half" : ""}${isTuned ? ", tuned" : ""}: ` +
        `${medianMs.toFixed(2)} ms a step, first step after ${firstStepMs.toFixed(0)} ms`,
    );
  };
  const profile = async (name: string, half: boolean) => {
    if (!canTime(gpu) || gpu.software) return;
    kernels[name] = await profileStep(gpu, { batch: 64, width: 64, half }, roofline);
  };

  const before = setKernelSelector(gpu, undefined);
  try {
    for (const width of WIDTHS) {
      for (const batch of BATCHES) await time(batch, width, false, false);
    }
    await profile("built-in", false);
    const halves = !gpu.software && gpu.has("shader-f16");
    if (halves) await time(64, 64, true, false);
    for (const batch of gpu.software ? [16] : [64, 128]) {
      tuned[batch] = await tune(batch, false);
      await time(batch, 64, false, true);
      if (batch === 64) await profile("tuned", false);
    }
    if (halves) {
      tuned["64 half"] = await tune(64, true);
      await time(64, 64, true, true);
      await profile("half", true);
    }
  } finally {
    setKernelSelector(gpu, before);
  }

  const peers: PeerStep[] = [];
  const absent = new Set<PeerName>();
  for (const batch of [64, 128]) {
    for (const peer of gpu.software ? [] : CUDA) {
      if (absent.has(peer)) continue;
      const turn = await timePeer(peer, { batch, width: 64 });
      const said = typeof turn === "string" ? { skipped: turn } : { median_ms: turn.median_ms };
      if (typeof turn === "string") absent.add(peer);
      peers.push({ peer, batch, width: 64, ...said });
      log(`${peer}, batch ${batch}, width 64: ${said.median_ms?.toFixed(2) ?? said.skipped}`);
    }
  }
  const data = await benchData({ batch: 64, seconds: 2 });
  log(`photos: ${data.warm_images_per_s.toFixed(0)} a second warm`);
  return {
    adapter: gpu.summary.name,
    deno: Deno.version.deno,
    roofline,
    steps,
    left_out: leftOut,
    tuned,
    kernels,
    peers,
    data,
    seconds: (performance.now() - begin) / 1000,
  };
}
