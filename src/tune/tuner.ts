/**
 * Finds the fastest variant of every product on this adapter: by checking each against float64
 * and then by timing it, within a bounded time.
 *
 * @module
 */

import { makeBuffer, readBack, type Slice, upload } from "../gpu/buffers.ts";
import type { Gpu } from "../gpu/device.ts";
import { Program, run } from "../gpu/program.ts";
import { canTime, timeEntries } from "../gpu/timing.ts";
import { builtInVariant, candidates } from "../ops/conv/selection.ts";
import type { ConvShape, ConvTensors, Product, ProductVariant } from "../ops/conv/product.ts";
import { Workspace } from "../ops/conv/workspace.ts";
import { fillNormal, Purpose } from "../random.ts";
import { type HostTensors, sampledError } from "./samples.ts";
import type { Work } from "../model/layers.ts";

/** A candidate's result. */
export interface Measured {
  /** The variant's name. */
  readonly name: string;
  /** Its version. */
  readonly version: number;
  /** Least milliseconds seen for one product; infinite if it was wrong. */
  readonly ms: number;
  /** Largest sampled error against float64, relative to the values' root mean square. */
  readonly error: number;
}

/** What was measured for one product of one shape, fastest first. */
export interface TunedProduct {
  /** What is computed. */
  readonly product: Product;
  /** Its sizes. */
  readonly shape: ConvShape;
  /** The candidates that were measured; the first one wins. */
  readonly measured: readonly Measured[];
}

/** How far tuning may go. */
export interface TuneOptions {
  /** Milliseconds in all; default 15,000 on a software adapter, 3,000 on a GPU. */
  readonly budget?: number;
  /** Called after each product. */
  readonly onProgress?: (done: number, total: number, tuned: TunedProduct) => void;
}

/** A candidate further from float64 than this is broken; float32 itself stays well below. */
export const TOLERANCE = 1e-4;

/** Likewise of operands in half precision, which round by 5e-4 themselves. */
const HALF_TOLERANCE = 1e-2;

/** A candidate this much slower than the best so far is not timed again. */
const HOPELESS = 1.5;

/** Timings of a candidate that is not hopeless. */
const ROUNDS = 4;

/** Milliseconds of work before a GPU is timed: idle ones lower their clocks. */
const WARM_UP_MS = 60;

/**
 * Measures every piece of work. Costly work goes first, so that a spent budget costs least; what
 * was not measured keeps its built-in variant.
 */
export async function tune(
  gpu: Gpu,
  work: readonly Work[],
  options: TuneOptions = {},
): Promise<TunedProduct[]> {
  const deadline = performance.now() + (options.budget ?? (gpu.software ? 15_000 : 3_000));
  const cost = ({ shape: s, times }: Work) =>
    times * s.batch * s.height * s.width * s.big * s.small;
  const ordered = [...work].sort((a, b) => cost(b) - cost(a));
  const tuned: TunedProduct[] = [];
  for (const [i, { product, shape }] of ordered.entries()) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    // An equal share of what is left, so that one slow product does not starve the others.
    const share = performance.now() + left / (ordered.length - i);
    const measured = await tuneProduct(gpu, product, shape, share);
    if (measured.length === 0) continue;
    tuned.push({ product, shape, measured });
    options.onProgress?.(i + 1, ordered.length, tuned[tuned.length - 1]);
  }
  return tuned;
}

async function tuneProduct(
  gpu: Gpu,
  product: Product,
  shape: ConvShape,
  deadline: number,
): Promise<Measured[]> {
  const bench = new ProductBench(gpu, product, shape);
  try {
    // All are checked, and so compiled, before any is timed: a driver's compiler beside a measurement
    // spoils it.
    const order = byPromise(builtInVariant(gpu, product, shape), candidates(gpu, product, shape));
    const results: Candidate[] = [];
    for (const variant of order) {
      if (results.length > 0 && performance.now() > deadline) break;
      const program = bench.record(variant);
      const error = await bench.error(program);
      const { name, version } = variant;
      results.push({ name, version, program, error, ms: Infinity });
    }
    let live = results.filter(({ error }) => error <= (shape.half ? HALF_TOLERANCE : TOLERANCE));
    for (let round = 0; round < ROUNDS && live.length > 0; round++) {
      if (round > 0 && performance.now() > deadline) break;
      const times = await bench.time(live.map(({ program }) => program));
      live.forEach((candidate, i) => candidate.ms = Math.min(candidate.ms, times[i]));
      const best = Math.min(...live.map(({ ms }) => ms));
      live = live.filter(({ ms }) => ms < HOPELESS * best);
    }
    return results
      .map(({ name, version, ms, error }) => ({ name, version, ms, error }))
      .sort((a, b) => a.ms - b.ms);
  } finally {
    bench.destroy();
  }
}

/** A variant on its way through {@linkcode tuneProduct}. */
interface Candidate {
  readonly name: string;
  readonly version: number;
  readonly program: Program;
  readonly error: number;
  ms: number;
}

/**
 * The built-in choice first, for it must be measured whatever time is left for its rivals; then its
 * own family, known by the first word of the name; then the others.
 */
function byPromise(first: ProductVariant, all: readonly ProductVariant[]): ProductVariant[] {
  const family = ({ name }: ProductVariant) => name.split(" ")[0];
  const rivals = all.filter((variant) => variant !== first);
  return [
    first,
    ...rivals.filter((variant) => family(variant) === family(first)),
    ...rivals.filter((variant) => family(variant) !== family(first)),
  ];
}

/** One product of one shape on random numbers: run it, check it, time it. */
class ProductBench {
  readonly #gpu: Gpu;
  readonly #product: Product;
  readonly #shape: ConvShape;
  readonly #host: HostTensors;
  readonly #tensors: ConvTensors;
  readonly #workspace: Workspace;
  /** The first program's time when last measured. */
  #lastMs = 0.2;

  constructor(gpu: Gpu, product: Product, shape: ConvShape) {
    this.#gpu = gpu;
    this.#product = product;
    this.#shape = shape;
    this.#workspace = new Workspace(gpu);
    const pixels = shape.batch * shape.height * shape.width;
    const random = (counter: number, length: number) =>
      fillNormal(new Float32Array(length), 1, Purpose.Samples, counter);
    this.#host = {
      big: random(1, 4 * pixels * shape.big),
      small: random(2, pixels * shape.small),
      weight: random(3, 16 * shape.big * shape.small),
    };
    const onGpu = (label: string, data: Float32Array): Slice => {
      const slice = makeBuffer(gpu, label, data.length);
      upload(gpu, slice, data);
      return slice;
    };
    this.#tensors = {
      big: onGpu("big", this.#host.big),
      small: onGpu("small", this.#host.small),
      weight: onGpu("weight", this.#host.weight),
    };
  }

  get #output(): { slice: Slice; length: number } {
    const role = ({ down: "small", up: "big", "weight gradient": "weight" } as const)[
      this.#product
    ];
    return { slice: this.#tensors[role], length: this.#host[role].length };
  }

  record(variant: ProductVariant): Program {
    const program = new Program(this.#gpu);
    const epilogue = { activation: "none" } as const;
    variant.record(program, this.#workspace, this.#shape, this.#tensors, epilogue);
    return program;
  }

  /** Runs it over a poisoned output and compares samples with float64. */
  async error(program: Program): Promise<number> {
    const { slice, length } = this.#output;
    upload(this.#gpu, slice, new Float32Array(length).fill(NaN));
    run(this.#gpu, program);
    const [result] = await readBack(this.#gpu, [slice]);
    return sampledError(this.#product, this.#shape, this.#host, result.subarray(0, length));
  }

  /**
   * Milliseconds of one run of each program, by the GPU's clock where it has one; in turns, after
   * enough work to bring a GPU's clock up.
   */
  async time(programs: readonly Program[]): Promise<number[]> {
    if (canTime(this.#gpu)) {
      const warmUp = this.#gpu.software ? [] : this.#warmUp(programs[0]);
      const turns = this.#gpu.software ? programs : [...programs, ...programs, ...programs];
      const all = [...warmUp, ...turns];
      const times = await timeEntries(this.#gpu, ...all);
      const best = programs.map(() => Infinity);
      let at = 0;
      all.forEach(({ entries }, i) => {
        const end = at + entries.length;
        const ms = times.slice(at, end).reduce((sum, time) => sum + time.ms, 0);
        at = end;
        if (i < warmUp.length) return;
        const which = (i - warmUp.length) % programs.length;
        best[which] = Math.min(best[which], ms);
      });
      this.#lastMs = best[0];
      return best;
    }
    // Waiting itself costs some 10 ms here: run it often enough for that not to matter.
    const repeats = 20;
    const times: number[] = [];
    for (const program of programs) {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) run(this.#gpu, program);
      await this.#gpu.device.queue.onSubmittedWorkDone();
      times.push((performance.now() - start) / repeats);
    }
    return times;
  }

  /** The program as often as takes some {@linkcode WARM_UP_MS}, as far as is known. */
  #warmUp(program: Program): Program[] {
    const repeats = Math.ceil(WARM_UP_MS / Math.max(this.#lastMs, WARM_UP_MS / 400));
    return Array.from({ length: repeats }, () => program);
  }

  destroy(): void {
    this.#workspace.destroy();
    for (const { buffer } of [this.#tensors.big, this.#tensors.small, this.#tensors.weight]) {
      buffer.destroy();
    }
  }
}
