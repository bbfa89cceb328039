/**
 * `bench`, declared.
 *
 * @module
 */

import { PEER_NAMES } from "../../bench/peers.ts";
import { LOSS_NAMES } from "../../ops/loss_table.ts";
import type { CommandSpec } from "../declare.ts";
import { JSON_RESULT, SIZE } from "./shared.ts";

const BATCH = {
  name: "batch",
  type: "integer",
  value: "N",
  min: 1,
  max: 1024,
  help: "photos a step",
} as const;

const WIDTH = {
  name: "width",
  type: "integer",
  value: "N",
  min: 4,
  max: 512,
  multipleOf: 4,
  help: "channels of the narrowest hidden layer",
} as const;

const SIZES = [{ ...BATCH, default: 16 }, { ...WIDTH, default: 64 }] as const;

const LOSS = {
  name: "loss",
  type: "choice",
  choices: LOSS_NAMES,
  value: "NAME",
  help: "the loss",
  default: "ls",
} as const;

/** Times whole training steps. */
export const BENCH_STEP = {
  name: "step",
  summary: "Time whole training steps, the read-back at the end included",
  options: [
    SIZE,
    ...SIZES,
    {
      name: "steps",
      type: "integer",
      value: "N",
      min: 1,
      max: 10_000,
      help: "steps to time",
      default: 10,
    },
    LOSS,
    JSON_RESULT,
  ],
  examples: [{ does: "The peers' setting", line: "bench step --batch 16 --width 64 --steps 10" }],
} as const satisfies CommandSpec;

/** Measures the adapter's own ceilings. */
export const BENCH_ROOFLINE = {
  name: "roofline",
  summary: "Measure the adapter's ceilings: multiply-adds, memory, cost of a dispatch",
  options: [JSON_RESULT],
} as const satisfies CommandSpec;

/** Times the photo pipeline. */
export const BENCH_DATA = {
  name: "data",
  summary: "Time the photo pipeline: photos a second cold and warm, and how long training waits",
  options: [
    {
      name: "data",
      type: "paths",
      value: "PATH",
      help:
        "a folder of photos (JPEG, PNG, WebP, AVIF), a tar or zip of them, a pattern in quotes, or @LIST",
      defaultText: "drawn facades",
      env: "FACADEGAN_DATA",
    },
    {
      name: "workers",
      type: "integer",
      value: "N",
      min: 1,
      max: 256,
      help: "threads that prepare photos",
      defaultText: "the processor's cores, at most 8",
      env: "FACADEGAN_WORKERS",
    },
    { ...BATCH, default: 64 },
    JSON_RESULT,
  ],
} as const satisfies CommandSpec;

/** Splits a step's time by kernel. */
export const BENCH_KERNELS = {
  name: "kernels",
  summary: "Split a training step's time by kernel, each beside the ceiling that binds it",
  options: [SIZE, ...SIZES, LOSS, JSON_RESULT],
} as const satisfies CommandSpec;

/** Times us beside other programs. */
export const BENCH_PEERS = {
  name: "peers",
  summary: "Time our step beside PyTorch's, TensorFlow.js's and jax-js's, in turns",
  details:
    "Each turn is a process of its own. Peers that are not installed or find no device are " +
    "named with the reason. PyTorch is that of /usr/bin/python3 or of FACADEGAN_PYTHON.",
  options: [
    { ...BATCH, defaultText: "8 at width 16, 16 at 32 and 64" },
    { ...WIDTH, defaultText: "16, 32 and 64" },
    {
      name: "rounds",
      type: "integer",
      value: "N",
      min: 1,
      max: 100,
      help: "turns; the medians count",
      default: 5,
    },
    {
      name: "peer",
      type: "text",
      value: "NAMES",
      help: `only these, separated by commas, of ${PEER_NAMES.join(", ")}`,
      defaultText: "all of them",
    },
    JSON_RESULT,
  ],
} as const satisfies CommandSpec;

/** Everything worth knowing of a GPU. */
export const BENCH_GPU = {
  name: "gpu",
  summary: "Measure all that counts on a GPU into one JSON: steps, kernels, PyTorch, photos",
  details: "Ceilings, whole steps at widths and batches of 16 to 128, untuned, tuned and in half " +
    "precision, a step's kernels, PyTorch beside it where there is one, and the photo pipeline. " +
    "Progress goes to standard error. docs/performance.md says how to read the result.",
  options: [],
  examples: [{ does: "Measure, and keep the result", line: "bench gpu > gpu.json" }],
} as const satisfies CommandSpec;

/** Benchmarks. */
export const BENCH = {
  name: "bench",
  summary: "Time this machine",
  options: [],
  commands: [BENCH_STEP, BENCH_DATA, BENCH_KERNELS, BENCH_ROOFLINE, BENCH_PEERS, BENCH_GPU],
} as const satisfies CommandSpec;
