/**
 * The losses looked at by themselves: computed by their kernels, as figures and as numbers.
 *
 * @module
 */

import type { Gpu } from "../gpu/device.ts";
import { renderChart } from "../plot/chart.ts";
import { curvesChart, planeFigure } from "./figure.ts";
import { descend, type Paths } from "./plane.ts";
import { PULL_NAMES, type PullName, PullProbe, type PullValues } from "./pull.ts";

/** Gradient steps that the samples in the plane take, and how long one is for a slope of 1. */
export const DESCENT = { steps: 60, rate: 0.15 } as const;

const CURVE_POINTS = 161;
const FARTHEST = 4;

/** A loss in numbers. */
export interface PullNumbers {
  /** The loss at each distance. */
  readonly loss: readonly number[];
  /** Its slope there. */
  readonly slope: readonly number[];
  /** The samples' distances before the gradient steps. */
  readonly from: readonly number[];
  /** Those after them. */
  readonly to: readonly number[];
}

/** What {@linkcode drawMechanism} computed. */
export interface Mechanism {
  /** The generator's losses and their slopes as curves, SVG. */
  readonly curves: string;
  /** Samples moved in the plane, SVG. */
  readonly plane: string;
  /** The numbers behind both, ready for JSON. */
  readonly numbers: {
    /** Signed distances from the decision boundary at which losses were taken. */
    readonly distances: readonly number[];
    /** Each loss. */
    readonly pulls: Readonly<Record<PullName, PullNumbers>>;
    /** How the samples were moved. */
    readonly descent: typeof DESCENT;
  };
}

/** Computes losses, slopes and the samples' ways on the GPU and draws them. */
export async function drawMechanism(gpu: Gpu): Promise<Mechanism> {
  const distances = Float32Array.from(
    { length: CURVE_POINTS },
    (_, i) => FARTHEST * (2 * i / (CURVE_POINTS - 1) - 1),
  );
  const values = new Map<PullName, PullValues>();
  const paths = new Map<PullName, Paths>();
  for (const name of PULL_NAMES) {
    using probe = new PullProbe(gpu, name, CURVE_POINTS);
    values.set(name, await probe.probe(distances));
    paths.set(name, await descend(gpu, name, DESCENT));
  }
  const by = `computed by the loss kernels on ${gpu.summary.name}`;
  const { steps, rate } = DESCENT;
  return {
    curves: renderChart(curvesChart(distances, values, by)),
    plane: planeFigure(paths, `${steps} gradient steps of rate ${rate} each, ${by}`),
    numbers: {
      distances: [...distances],
      pulls: Object.fromEntries(
        PULL_NAMES.map((name) => [name, numbersOf(values.get(name)!, paths.get(name)!)]),
      ) as Record<PullName, PullNumbers>,
      descent: DESCENT,
    },
  };
}

function numbersOf({ loss, slope }: PullValues, { distances }: Paths): PullNumbers {
  return {
    loss: [...loss],
    slope: [...slope],
    from: [...distances[0]],
    to: [...distances[distances.length - 1]],
  };
}
