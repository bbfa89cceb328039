/**
 * The figures: losses and their slopes as curves, and samples moved in the plane.
 *
 * @module
 */

import { type Chart, COLORS, type Series } from "../plot/chart.ts";
import { escapeXml, FONT, line, text } from "../plot/svg.ts";
import { type Paths, photosInPlane, placeAt, type Point } from "./plane.ts";
import { type PullName, PULLS, type PullValues } from "./pull.ts";

/** The colour of each. */
export const PULL_COLORS: Readonly<Record<PullName, string>> = {
  ls: COLORS[0],
  bce: COLORS[1],
  saturating: COLORS[3],
  hinge: COLORS[2],
};

/** Losses above, the sizes of their slopes below, over the distance from the boundary. */
export function curvesChart(
  distances: Float32Array,
  values: ReadonlyMap<PullName, PullValues>,
  subtitle: string,
): Chart {
  const series = (value: (values: PullValues) => ArrayLike<number>) =>
    [...values].map(([name, of]): Series => ({
      name: PULLS[name].title,
      color: PULL_COLORS[name],
      x: distances,
      y: value(of),
      dashed: name === "saturating",
    }));
  return {
    title: "What pulls a generated sample",
    subtitle,
    xLabel:
      "distance from the decision boundary; right of 0 the discriminator says photo, photos at 1",
    description: subtitle,
    panels: [
      { label: "generator's loss", series: series(({ loss }) => loss) },
      { label: "size of its slope", series: series(({ slope }) => slope.map(Math.abs)) },
    ],
  };
}

const PANEL_WIDTH = 460;
const PANEL_HEIGHT = 330;
const GAP = 20;
const HEADER = 78;
const FOOTER = 40;
/** Units of the plane that a panel shows, from its left and its lower edge. */
const VIEW = { left: -5, right: 5, bottom: -2.8 };
const SCALE = PANEL_WIDTH / (VIEW.right - VIEW.left);

/** A panel for each loss: photos, boundary, where samples began, their ways, where they ended. */
export function planeFigure(paths: ReadonlyMap<PullName, Paths>, subtitle: string): string {
  const rows = Math.ceil(paths.size / 2);
  const width = 2 * PANEL_WIDTH + 3 * GAP;
  const height = HEADER + rows * (PANEL_HEIGHT + GAP + 26) + FOOTER;
  const panels = [...paths].map(([name, way], i) =>
    planePanel(
      name,
      way,
      GAP + i % 2 * (PANEL_WIDTH + GAP),
      HEADER + Math.floor(i / 2) * (PANEL_HEIGHT + GAP + 26),
    )
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
    `height="${height}" role="img" ${FONT}>`,
    `<title>Samples on both sides of a fixed boundary</title>`,
    `<desc>${escapeXml(subtitle)}</desc>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(GAP, 30, "Samples on both sides of a fixed boundary", { size: 20, weight: "bold" }),
    text(GAP, 54, subtitle, { size: 13, fill: "#555555" }),
    ...panels,
    ...legend(height - 22),
    "</svg>",
  ].join("\n") + "\n";
}

function planePanel(
  name: PullName,
  { along, distances }: Paths,
  left: number,
  top: number,
): string {
  const toX = (x: number) => left + (x - VIEW.left) * SCALE;
  const toY = (y: number) => top + 26 + PANEL_HEIGHT - (y - VIEW.bottom) * SCALE;
  const color = PULL_COLORS[name];
  const place = (step: number, i: number) => placeAt(along[i], distances[step][i]);
  const dot = ({ x, y }: Point, radius: number, style: string) =>
    `<circle cx="${toX(x).toFixed(1)}" cy="${toY(y).toFixed(1)}" r="${radius}" ${style}/>`;
  const [from, to] = [placeAt(-8, 0), placeAt(8, 0)];
  return [
    text(left, top + 16, PULLS[name].title, { size: 15, weight: "bold", fill: color }),
    `<clipPath id="${name}"><rect x="${left}" y="${top + 26}" width="${PANEL_WIDTH}" ` +
    `height="${PANEL_HEIGHT}"/></clipPath>`,
    `<rect x="${left}" y="${top + 26}" width="${PANEL_WIDTH}" height="${PANEL_HEIGHT}" ` +
    `fill="#fafafa" stroke="#cccccc"/>`,
    `<g clip-path="url(#${name})">`,
    ...photosInPlane().map((photo) => dot(photo, 3, `fill="#b8b8b8"`)),
    line(toX(from.x), toY(from.y), toX(to.x), toY(to.y), "#333333"),
    ...along.map((_, i) => {
      const way = distances.map((_, step) => place(step, i))
        .map(({ x, y }, step) => `${step ? "L" : "M"}${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`);
      return `<path d="${way.join("")}" fill="none" stroke="${color}" stroke-width="1.6"/>`;
    }),
    ...along.map((_, i) => dot(place(0, i), 5, `fill="#ffffff" stroke="${color}"`)),
    ...along.map((_, i) => dot(place(distances.length - 1, i), 5, `fill="${color}"`)),
    "</g>",
  ].join("\n");
}

function legend(y: number): string[] {
  const circle = (x: number, style: string) => `<circle cx="${x}" cy="${y - 4}" r="5" ${style}/>`;
  return [
    circle(GAP + 6, `fill="#b8b8b8"`),
    text(GAP + 18, y, "photos", { size: 14 }),
    line(GAP + 92, y - 4, GAP + 122, y - 4, "#333333"),
    text(GAP + 130, y, "boundary: above it the discriminator says photo", { size: 14 }),
    circle(GAP + 460, `fill="#ffffff" stroke="#333333"`),
    text(GAP + 472, y, "a generated sample", { size: 14 }),
    circle(GAP + 624, `fill="#333333"`),
    text(GAP + 636, y, "after the gradient steps", { size: 14 }),
  ];
}
