/**
 * Numbers over seeds: how large, how far apart, and whether that is more than chance makes.
 *
 * @module
 */

import type { Evaluation } from "../run/evaluations.ts";
import type { ComparedRun, Variant } from "./gather.ts";

/** A mean and its spread. */
export interface Spread {
  /** The mean; NaN of no values. */
  readonly mean: number;
  /** The standard deviation of the sample (n - 1); NaN of fewer than two values. */
  readonly deviation: number;
  /** How many values. */
  readonly count: number;
}

/** Mean and standard deviation. */
export function spread(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : NaN, count };
}

/** How a variant differs from the first in the distance, seed by seed. */
export interface Difference {
  /** The other variant's name. */
  readonly variant: string;
  /** The seeds that both have. */
  readonly seeds: readonly number[];
  /** The other's distance less the first's, over the seeds. */
  readonly swd: Spread;
  /**
   * Whether the mean is further from 0 than chance makes it in 95 of 100 comparisons (Student's t, over
   * the seeds); undefined of fewer than three seeds.
   */
  readonly beyondChance: boolean | undefined;
}

/** The run's last evaluation, if it is of its last step. */
export function lastEvaluation({ evaluations, steps }: ComparedRun): Evaluation | undefined {
  const last = evaluations.at(-1);
  return last?.step === steps ? last : undefined;
}

/** Every other variant against the first, by the seeds both have. */
export function differences([first, ...others]: readonly Variant[]): Difference[] {
  const bySeed = ({ runs }: Variant): Map<number, number> =>
    new Map(runs.flatMap((run): [number, number][] => {
      const evaluation = lastEvaluation(run);
      return evaluation ? [[run.seed, evaluation.swd.avg]] : [];
    }));
  if (!first) return [];
  const base = bySeed(first);
  return others.flatMap((variant): Difference[] => {
    const own = bySeed(variant);
    const seeds = [...base.keys()].filter((seed) => own.has(seed));
    if (seeds.length === 0) return [];
    const swd = spread(seeds.map((seed) => own.get(seed)! - base.get(seed)!));
    const limit = studentT(swd.count - 1) * swd.deviation / Math.sqrt(swd.count);
    return [{
      variant: variant.name,
      seeds,
      swd,
      beyondChance: swd.count < 3 ? undefined : Math.abs(swd.mean) > limit,
    }];
  });
}

/** Quantiles 0.975 of Student's t for 1, 2, ... degrees of freedom. */
const STUDENT_T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** The quantile 0.975; of more than ten degrees of freedom by its expansion about the normal one. */
function studentT(degrees: number): number {
  const z = 1.95996;
  return STUDENT_T[degrees - 1] ??
    z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/** Mean of a metric over the last tenth of a run's steps. */
export function lastTenth({ metrics }: ComparedRun, name: "errD" | "errG" | "gap"): number {
  const tail = metrics.slice(Math.floor(0.9 * metrics.length));
  const value = (step: typeof tail[number]): number =>
    name === "gap" ? step.D_x - step.D_G_z1 : step[name];
  return tail.reduce((sum, step) => sum + value(step), 0) / tail.length;
}

/** `57.1 ± 2.3`; of one value itself; `-` of none. */
export function showSpread({ mean, deviation, count }: Spread, digits = 1): string {
  if (count === 0) return "-";
  return count === 1
    ? mean.toFixed(digits)
    : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}
