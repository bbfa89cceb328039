/**
 * Charts of scores and gradients over a training.
 *
 * @module
 */

import { type Chart, COLORS, type Panel, type Series } from "../plot/chart.ts";
import { robustRange } from "../plot/axis.ts";
import type { Moment } from "./history.ts";
import { type PullName, PULLS } from "./pull.ts";

/** Checkpoints that have a panel of their own. */
const PANELS = 4;
const BINS = 48;

/** Evenly chosen moments, the first and the last among them. */
function chosen(history: readonly Moment[]): readonly Moment[] {
  const count = Math.min(PANELS, history.length);
  return Array.from(
    { length: count },
    (_, i) => history[count === 1 ? 0 : Math.round(i * (history.length - 1) / (count - 1))],
  );
}

/** How the discriminator's scores of photos and of generated pictures are spread, at up to four steps. */
export function scoresChart(history: readonly Moment[], subtitle: string): Chart {
  const moments = chosen(history);
  const all = moments.flatMap(({ photos, pictures }) => [...photos, ...pictures]);
  const [low, high] = robustRange(all);
  const width = (high - low || 1) / BINS;
  const centres = Array.from({ length: BINS }, (_, i) => low + (i + 0.5) * width);
  const shares = (scores: readonly number[]): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (const score of scores) {
      counts[Math.max(0, Math.min(BINS - 1, Math.floor((score - low) / width)))]++;
    }
    return counts.map((count) => 100 * count / scores.length);
  };
  return {
    title: "Scores of photos and of generated pictures",
    subtitle,
    xLabel: `the discriminator's score; above ${moments[0].boundary} it says photo`,
    description: subtitle,
    panels: moments.map(({ step, photos, pictures, boundary, calledReal }): Panel => {
      const [ofPhotos, ofPictures] = [shares(photos), shares(pictures)];
      const highest = Math.max(...ofPhotos, ...ofPictures);
      return {
        label: `% at step ${step}`,
        series: [
          { name: "photos", color: COLORS[2], x: centres, y: ofPhotos },
          {
            name: `generated pictures, ${(100 * calledReal).toFixed(0)}% called real`,
            color: COLORS[3],
            x: centres,
            y: ofPictures,
          },
          { color: "#888888", x: [boundary, boundary], y: [0, highest], dashed: true },
        ],
      };
    }),
  };
}

/** Each picture's gradient against its score, at up to four steps. */
export function gradientsChart(history: readonly Moment[], subtitle: string): Chart {
  return {
    title: "The gradient that reaches the generator through each picture",
    subtitle,
    xLabel: `the picture's score; right of ${history[0].boundary} it is called real`,
    description: subtitle,
    panels: chosen(history).map(({ step, pictures, pulls, boundary }): Panel => {
      const each = Object.entries(pulls) as [PullName, NonNullable<Moment["pulls"][PullName]>][];
      const highest = Math.max(...each.flatMap(([, { norms }]) => norms));
      return {
        label: `norm at step ${step}`,
        fromZero: true,
        series: [
          ...each.map(([name, { norms }], i): Series => ({
            name: PULLS[name].title,
            color: COLORS[i === 0 ? 0 : 1],
            x: pictures,
            y: norms,
            points: true,
          })),
          { color: "#888888", x: [boundary, boundary], y: [0, highest], dashed: true },
        ],
      };
    }),
  };
}

/** Over the training: the share of pictures called real, and median gradients of both sorts. */
export function historyChart(history: readonly Moment[], subtitle: string): Chart {
  const x = history.map(({ step }) => step);
  const names = Object.keys(history[0].pulls) as PullName[];
  const median = (name: PullName, key: "medianCalledReal" | "medianToldApart") =>
    history.map(({ pulls }) => pulls[name]?.[key] ?? NaN);
  return {
    title: "Pictures called real, and their gradients, over the training",
    subtitle,
    xLabel: "training step",
    description: subtitle,
    panels: [
      {
        label: "% called real",
        series: [{
          name: "generated pictures",
          color: COLORS[3],
          x,
          y: history.map(({ calledReal }) => 100 * calledReal),
        }],
      },
      {
        label: "median norm",
        fromZero: true,
        series: names.flatMap((name, i): Series[] => [
          {
            name: `${PULLS[name].title}: told from photos`,
            color: COLORS[i],
            x,
            y: median(name, "medianToldApart"),
          },
          {
            name: `${PULLS[name].title}: called real`,
            color: COLORS[i],
            x,
            y: median(name, "medianCalledReal"),
            dashed: true,
          },
        ]),
      },
    ],
  };
}
