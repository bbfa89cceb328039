/**
 * Which module does what a command is for. Each is loaded only when its command runs: `--help` should
 * not wait for kernels and decoders.
 *
 * @module
 */

import type { Action } from "../invocation.ts";

/** Loads a command's action, by the command's words. */
export const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  "train": async () => (await import("./train.ts")).train as Action,
  "doctor": async () => (await import("./doctor.ts")).doctor as Action,
  "setup": async () => (await import("./setup.ts")).setup as Action,
  "verify": async () => (await import("./verify.ts")).verify as Action,
  "generate": async () => (await import("./generate.ts")).generate as Action,
  "export": async () => (await import("./export.ts")).exportFiles as Action,
  "mechanism": async () => (await import("./mechanism.ts")).mechanism as Action,
  "evaluate": async () => (await import("./evaluate.ts")).evaluate as Action,
  "compare run": async () => (await import("./compare.ts")).compareRun as Action,
  "compare plan": async () => (await import("./compare.ts")).comparePlan as Action,
  "compare report": async () => (await import("./compare.ts")).compareReport as Action,
  "studio": async () => (await import("./studio.ts")).studio as Action,
  "runs list": async () => (await import("./runs.ts")).runsList as Action,
  "runs report": async () => (await import("./runs_report.ts")).runsReport as Action,
  "runs compare": async () => (await import("./runs.ts")).runsCompare as Action,
  "completions": async () => (await import("./completions.ts")).completions as Action,
  "tune": async () => (await import("./tune.ts")).tune as Action,
  "dataset synth": async () => (await import("./dataset.ts")).datasetSynth as Action,
  "dataset inspect": async () => (await import("./dataset.ts")).datasetInspect as Action,
  "dataset download": async () => (await import("./dataset.ts")).datasetDownload as Action,
  "bench data": async () => (await import("./bench_data.ts")).benchDataset as Action,
  "bench kernels": async () => (await import("./bench_kernels.ts")).benchKernels as Action,
  "bench roofline": async () => (await import("./bench_kernels.ts")).benchRoofline as Action,
  "bench peers": async () => (await import("./bench_peers.ts")).benchPeers as Action,
  "bench gpu": async () => (await import("./bench_gpu.ts")).benchGpuAction as Action,
  "bench step": async () => (await import("./bench_step.ts")).benchStep as Action,
};
