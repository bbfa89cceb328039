/**
 * The curves of a comparison: every run's, a colour a variant.
 *
 * @module
 */

import { type Chart, COLORS, type Panel, type Series } from "../plot/chart.ts";
import { smooth } from "../train/smooth.ts";
import type { ComparedRun, Variant } from "./gather.ts";

/** Losses, the gap between scores, and the distance where it was measured more than once. */
export function comparisonCurves(variants: readonly Variant[]): Chart {
  const panel = (
    label: string,
    points: (run: ComparedRun) => { readonly x: number[]; readonly y: number[] },
  ): Panel => ({
    label,
    series: variants.flatMap(({ name, runs }, i) =>
      runs.map((run, j): Series => ({
        ...(j === 0 ? { name } : {}),
        color: COLORS[i % COLORS.length],
        ...points(run),
      }))
    ),
  });
  const metric =
    (value: (step: ComparedRun["metrics"][number]) => number) => ({ metrics }: ComparedRun) => ({
      x: metrics.map(({ step }) => step),
      y: smooth(metrics.map(value), Math.max(1, Math.min(200, Math.round(metrics.length / 40)))),
    });
  const judgedOften = variants.some(({ runs }) =>
    runs.some(({ evaluations }) => evaluations.length > 1)
  );
  return {
    title: variants.map(({ name }) => name).join(" and "),
    subtitle: "a curve a seed, smoothed",
    xLabel: "training step",
    panels: [
      ...(judgedOften
        ? [panel("SWD", ({ evaluations }) => ({
          x: evaluations.map(({ step }) => step),
          y: evaluations.map(({ swd }) => swd.avg),
        }))]
        : []),
      panel("errD", metric(({ errD }) => errD)),
      panel("errG", metric(({ errG }) => errG)),
      panel("D(x) - D(G(z))", metric(({ D_x, D_G_z1 }) => D_x - D_G_z1)),
    ],
  };
}
