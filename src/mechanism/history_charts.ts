/**
 * Charts of scores and gradients over a training.
 *
 * @module
 */

import { type Chart, COLORS, type Panel, type Series } from "../plot/chart.ts";
import { robustRange } from "../plot/axis.ts";
import { PULL_COLORS } from "./figure.ts";
import { type Left, medianOf, type Moment, PULL_SIZES } from "./history.ts";
import { pullsOf } from "./pass.ts";
import { PULL_NAMES, type PullName, PULLS } from "./pull.ts";

/** Checkpoints that have a panel of their own. */
const PANELS = 4;
const BINS = 48;
/** Ranges of scores that a curve has a median of, and pictures that one must hold. */
const SCORE_RANGES = 24;
const FEWEST = 5;

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
    panels: chosen(history).map(({ step, loss, pictures, pulls, boundary }): Panel => {
      const forms = pullsOf(loss);
      const highest = Math.max(...forms.flatMap((name) => pulls[name]!.norms));
      return {
        label: `norm at step ${step}`,
        fromZero: true,
        series: [
          ...forms.map((name): Series => ({
            name: PULLS[name].title,
            color: PULL_COLORS[name],
            x: pictures,
            y: pulls[name]!.norms,
            points: true,
          })),
          { color: "#888888", x: [boundary, boundary], y: [0, highest], dashed: true },
        ],
      };
    }),
  };
}

/**
 * The same pictures under every loss: medians over ranges of scores, all checkpoints together, each
 * curve as a share of its highest place. Gradients are taken in units of their checkpoint's median
 * sensitivity, since that changes over a training.
 */
export function comparedChart(history: readonly Moment[], subtitle: string): Chart {
  const { boundary } = history[0];
  const scores = history.flatMap(({ pictures }) => pictures);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const width = (high - low || 1) / SCORE_RANGES;
  const curve = (size: keyof Left, name: PullName): Pick<Series, "x" | "y"> => {
    const found = Array.from({ length: SCORE_RANGES }, () => [] as number[]);
    for (const moment of history) {
      const unit = size === "slope" ? 1 : medianOf(moment.sensitivities) || 1;
      const sizes = PULL_SIZES[size](moment, name);
      for (const [i, score] of moment.pictures.entries()) {
        const range = Math.min(SCORE_RANGES - 1, Math.floor((score - low) / width));
        found[range].push(sizes[i] / unit);
      }
    }
    const enough = [...found.entries()].filter(([, of]) => of.length >= FEWEST);
    const medians = enough.map(([, of]) => medianOf(of)!);
    const most = Math.max(...medians) || 1;
    return {
      x: enough.map(([range]) => low + (range + 0.5) * width),
      y: medians.map((median) => 100 * median / most),
    };
  };
  const panel = (label: string, size: keyof Left): Panel => ({
    label,
    fromZero: true,
    series: [
      ...PULL_NAMES.map((name): Series => ({
        name: PULLS[name].title,
        color: PULL_COLORS[name],
        dashed: name === "saturating",
        ...curve(size, name),
      })),
      { color: "#888888", x: [boundary, boundary], y: [0, 100], dashed: true },
    ],
  });
  return {
    title: "The same pictures under every loss, in % of each curve's highest place",
    subtitle,
    xLabel: `the picture's score; right of ${boundary} it is called real`,
    description: subtitle,
    panels: [
      panel("slope of the loss", "slope"),
      panel("gradient, own loss alone", "alone"),
      panel("gradient, its batch's loss", "batch"),
    ],
  };
}

/** Over the training: the share of pictures called real, and median gradients of both sorts. */
export function historyChart(history: readonly Moment[], subtitle: string): Chart {
  const x = history.map(({ step }) => step);
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
        series: pullsOf(history[0].loss).flatMap((name): Series[] => [
          {
            name: `${PULLS[name].title}: told from photos`,
            color: PULL_COLORS[name],
            x,
            y: median(name, "medianToldApart"),
          },
          {
            name: `${PULLS[name].title}: called real`,
            color: PULL_COLORS[name],
            x,
            y: median(name, "medianCalledReal"),
            dashed: true,
          },
        ]),
      },
    ],
  };
}
