/**
 * The losses and scores of a run, or of two, as a chart.
 *
 * @module
 */

import { type Chart, COLORS, type Panel, type Series } from "../plot/chart.ts";
import type { StepMetrics } from "../train/metrics.ts";
import { smooth } from "../train/smooth.ts";

type Key = Exclude<keyof StepMetrics, "step">;

/** What charts say; a page may say it in another language. */
export interface CurveWords {
  /** Over the chart of one run. */
  readonly title: string;
  /** Behind its subtitle; `%` stands for a number of steps. */
  readonly smoothed: string;
  /** Under the chart of several runs' heading. */
  readonly compared: string;
  /** Between the names of two runs. */
  readonly and: string;
  /** The horizontal axis. */
  readonly step: string;
  /** The vertical axes. */
  readonly loss: string;
  /** As `loss`. */
  readonly score: string;
  /** As `loss`: what samples were judged. */
  readonly distance: string;
  /** The distance of samples from photos. */
  readonly samples: string;
  /** The distance of photos from photos. */
  readonly floor: string;
  /** The curves. */
  readonly curves: Readonly<Record<Key, string>>;
}

/** Charts in English. */
export const ENGLISH: CurveWords = {
  title: "Losses and scores",
  smoothed: "curves smoothed over % steps",
  compared: "losses, and how far apart the discriminator scores photos and pictures; smoothed",
  and: " and ",
  step: "training step",
  loss: "loss",
  score: "mean score",
  distance: "distance (SWD)",
  samples: "samples from photos",
  floor: "photos from photos",
  curves: {
    errD: "discriminator (errD)",
    errG: "generator (errG)",
    D_x: "photos: D(x)",
    D_G_z1: "pictures: D(G(z))",
    D_G_z2: "after D's update",
  },
};

const PANELS: readonly { label: "loss" | "score"; curves: readonly [Key, string][] }[] = [
  { label: "loss", curves: [["errD", COLORS[0]], ["errG", COLORS[1]]] },
  {
    label: "score",
    curves: [["D_x", COLORS[2]], ["D_G_z1", COLORS[3]], ["D_G_z2", COLORS[4]]],
  },
];

/** What samples were judged after some steps. */
export interface JudgedStep {
  /** Steps done. */
  readonly step: number;
  /** Sliced Wasserstein distance to photos. */
  readonly swd: { readonly avg: number };
  /** That between photos and photos. */
  readonly floor: number;
}

/**
 * The losses above, the scores below: each step pale, the smoothed curve over it. Under them the
 * distance of samples from photos, where it was taken.
 */
export function lossChart(
  metrics: readonly StepMetrics[],
  subtitle: string,
  words: CurveWords = ENGLISH,
  judged: readonly JudgedStep[] = [],
): Chart {
  const x = metrics.map(({ step }) => step);
  const span = smoothingSpan(metrics.length);
  // Of a long run only some steps are here.
  const stride = metrics.length > 1 ? (x[x.length - 1] - x[0]) / (metrics.length - 1) : 1;
  return {
    title: words.title,
    subtitle: `${subtitle} · ${words.smoothed.replace("%", `${Math.round(span * stride)}`)}`,
    xLabel: words.step,
    description: subtitle,
    panels: [
      ...PANELS.map(({ label, curves }): Panel => ({
        label: words[label],
        series: curves.flatMap(([key, color]): Series[] => {
          const y = metrics.map((step) => step[key]);
          return [{ color, x, y, faint: true }, {
            name: words.curves[key],
            color,
            x,
            y: smooth(y, span),
          }];
        }),
      })),
      ...judgedPanel(judged, words),
    ],
  };
}

function judgedPanel(judged: readonly JudgedStep[], words: CurveWords): Panel[] {
  if (judged.length === 0) return [];
  const x = judged.map(({ step }) => step);
  return [{
    label: words.distance,
    series: [
      { name: words.samples, color: COLORS[1], x, y: judged.map(({ swd }) => swd.avg) },
      { name: words.floor, color: "#888888", x, y: judged.map(({ floor }) => floor), dashed: true },
    ],
  }];
}

/** A run's metrics under a name. */
export interface NamedMetrics {
  /** What the legend calls it. */
  readonly name: string;
  /** Its metrics. */
  readonly metrics: readonly StepMetrics[];
}

/** The smoothed curves of runs over each other, every other one dashed. */
export function comparisonChart(
  runs: readonly NamedMetrics[],
  words: CurveWords = ENGLISH,
): Chart {
  const panels: readonly [string, Key][] = [
    ["errD", "errD"],
    ["errG", "errG"],
    ["D(x) - D(G(z))", "D_x"],
  ];
  return {
    title: runs.map(({ name }) => name).join(words.and),
    subtitle: words.compared,
    xLabel: words.step,
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
