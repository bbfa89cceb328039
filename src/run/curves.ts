/**
 * The losses and scores of a run, or of two, as a chart.
 *
 * @module
 */

import { type Chart, COLORS, type Series } from "../plot/chart.ts";
import type { StepMetrics } from "../train/metrics.ts";
import { smooth } from "../train/smooth.ts";

type Key = Exclude<keyof StepMetrics, "step">;

const PANELS: readonly { label: string; curves: readonly [Key, string, string][] }[] = [
  {
    label: "loss",
    curves: [
      ["errD", "discriminator (errD)", COLORS[0]],
      ["errG", "generator (errG)", COLORS[1]],
    ],
  },
  {
    label: "mean score",
    curves: [
      ["D_x", "photos: D(x)", COLORS[2]],
      ["D_G_z1", "pictures: D(G(z))", COLORS[3]],
      ["D_G_z2", "after D's update", COLORS[4]],
    ],
  },
];

/** The losses above, the scores below: each step pale, the smoothed curve over it. */
export function lossChart(metrics: readonly StepMetrics[], subtitle: string): Chart {
  const x = metrics.map(({ step }) => step);
  const span = smoothingSpan(metrics.length);
  // Of a long run only some steps are here.
  const stride = metrics.length > 1 ? (x[x.length - 1] - x[0]) / (metrics.length - 1) : 1;
  return {
    title: "Losses and scores",
    subtitle: `${subtitle} · curves smoothed over ${Math.round(span * stride)} steps`,
    xLabel: "training step",
    description: subtitle,
    panels: PANELS.map(({ label, curves }) => ({
      label,
      series: curves.flatMap(([key, name, color]): Series[] => {
        const y = metrics.map((step) => step[key]);
        return [{ color, x, y, faint: true }, { name, color, x, y: smooth(y, span) }];
      }),
    })),
  };
}

/** A run's metrics under a name. */
export interface NamedMetrics {
  /** What the legend calls it. */
  readonly name: string;
  /** Its metrics. */
  readonly metrics: readonly StepMetrics[];
}

/** The smoothed curves of runs over each other, every other one dashed. */
export function comparisonChart(...runs: readonly NamedMetrics[]): Chart {
  const panels: readonly [string, Key][] = [
    ["errD", "errD"],
    ["errG", "errG"],
    ["D(x) - D(G(z))", "D_x"],
  ];
  return {
    title: runs.map(({ name }) => name).join(" and "),
    subtitle: `losses, and how far apart the discriminator scores photos and pictures; smoothed`,
    xLabel: "training step",
    panels: panels.map(([label, key]) => ({
      label,
      series: runs.map(({ name, metrics }, i): Series => ({
        name,
        color: COLORS[i % COLORS.length],
        dashed: i % 2 === 1,
        x: metrics.map(({ step }) => step),
        y: smooth(
          metrics.map((step) => key === "D_x" ? step.D_x - step.D_G_z1 : step[key]),
          smoothingSpan(metrics.length),
        ),
      })),
    })),
  };
}

function smoothingSpan(steps: number): number {
  return Math.max(1, Math.min(200, Math.round(steps / 40)));
}
