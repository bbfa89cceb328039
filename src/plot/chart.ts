/**
 * Line charts as SVG: panels below each other over one horizontal axis.
 *
 * @module
 */

import { type Axis, formatTick, niceAxis, robustRange } from "./axis.ts";
import { escapeXml, FONT, line, text } from "./svg.ts";

/** A curve. */
export interface Series {
  /** What the legend calls it; a curve without a name is not in the legend. */
  readonly name?: string;
  /** A CSS colour. */
  readonly color: string;
  /** Horizontal positions, ascending. */
  readonly x: ArrayLike<number>;
  /** Values; a value that is not finite breaks the line. */
  readonly y: ArrayLike<number>;
  /** Drawn thin and pale, behind the others. */
  readonly faint?: boolean;
  /** Drawn dashed. */
  readonly dashed?: boolean;
  /** Drawn as points, in any order, without a line. */
  readonly points?: boolean;
}

/** Curves that share a vertical axis. */
export interface Panel {
  /** The vertical axis's name. */
  readonly label: string;
  /** The curves. */
  readonly series: readonly Series[];
  /** Whether the vertical axis begins at zero whatever the curves do. */
  readonly fromZero?: boolean;
}

/** What a chart shows. */
export interface Chart {
  /** The heading. */
  readonly title: string;
  /** A smaller line below it. */
  readonly subtitle?: string;
  /** The horizontal axis's name. */
  readonly xLabel: string;
  /** From top to bottom. */
  readonly panels: readonly Panel[];
  /** Its width in units, those of its letters; default 960. */
  readonly width?: number;
  /** Free text for whoever opens the file: seed, step and settings. */
  readonly description?: string;
}

/** Colours that people with any colour vision can tell apart (Okabe and Ito). */
export const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"] as const;

const WIDTH = 960;
const PANEL_HEIGHT = 260;
const LEFT = 84;
const RIGHT = 24;
const HEADER = 64;
const LEGEND = 34;
const LEGEND_ROW = 20;
/** Letters smaller than this cannot be read. */
const SMALLEST = 10;
const FOOTER = 58;

/** Draws a chart as an SVG document. */
export function renderChart(chart: Chart): string {
  const width = chart.width ?? WIDTH;
  const legends = chart.panels.map((panel) => legendRows(panel, width));
  const heights = legends.map(({ length }) =>
    PANEL_HEIGHT + LEGEND + LEGEND_ROW * Math.max(0, length - 1)
  );
  const height = HEADER + heights.reduce((sum, one) => sum + one, 0) + FOOTER;
  const xs = chart.panels.flatMap((panel) => panel.series.flatMap((s) => Array.from(s.x)));
  const [low, high] = xs.length > 0 ? [minimum(xs), maximum(xs)] : [0, 1];
  const xAxis = {
    ...niceAxis(low, high, Math.ceil(width / 120) + (width < WIDTH ? 1 : 0)),
    min: low,
    max: high > low ? high : low + 1,
  };
  const subtitleSize = fitting(13, chart.subtitle ?? "", width);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" role="img" ${FONT}>`,
    `<title>${escapeXml(chart.title)}</title>`,
    chart.description ? `<desc>${escapeXml(chart.description)}</desc>` : "",
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(LEFT, 30, chart.title, {
      size: Math.max(SMALLEST, fitting(20, chart.title, width)),
      weight: "bold",
    }),
    subtitleSize < SMALLEST
      ? "" // a narrow chart does without
      : text(LEFT, 52, chart.subtitle ?? "", { size: subtitleSize, fill: "#555555" }),
  ];
  let above = HEADER;
  for (const [index, panel] of chart.panels.entries()) {
    const bottom = above + heights[index] - 16;
    const isLast = index === chart.panels.length - 1;
    parts.push(drawPanel(panel, { index, bottom, right: width - RIGHT, isLast }, xAxis));
    parts.push(drawLegend(legends[index], above + LEGEND - 14), "</g>");
    above += heights[index];
  }
  parts.push(
    text((LEFT + width - RIGHT) / 2, height - 14, chart.xLabel, { size: 15, anchor: "middle" }),
    "</svg>",
  );
  return parts.filter((part) => part !== "").join("\n") + "\n";
}

interface PanelPlace {
  readonly index: number;
  readonly bottom: number;
  readonly right: number;
  readonly isLast: boolean;
}

/** A panel; the group that it opens is left open for the legend. */
function drawPanel(panel: Panel, place: PanelPlace, xAxis: Axis): string {
  const { index, bottom, right, isLast } = place;
  const top = bottom - PANEL_HEIGHT + 16;
  const bold = panel.series.filter((s) => !s.faint).flatMap((s) => Array.from(s.y));
  const faint = panel.series.filter((s) => s.faint).flatMap((s) => Array.from(s.y));
  const [boldLow, boldHigh] = robustRange(bold);
  const [low, high] = robustRange(faint.length > 0 ? faint : bold);
  const yAxis = niceAxis(
    Math.min(low, boldLow, panel.fromZero ? 0 : low),
    Math.max(high, boldHigh),
    5,
  );
  const toX = (x: number) => LEFT + (x - xAxis.min) / (xAxis.max - xAxis.min) * (right - LEFT);
  const toY = (y: number) => bottom - (y - yAxis.min) / (yAxis.max - yAxis.min) * (bottom - top);

  const parts = [
    `<g><clipPath id="panel${index}"><rect x="${LEFT}" y="${top - 2}" ` +
    `width="${right - LEFT}" height="${bottom - top + 4}"/></clipPath>`,
  ];
  for (const tick of yAxis.ticks) {
    const y = toY(tick);
    parts.push(line(LEFT, y, right, y, "#e3e3e3"));
    parts.push(text(LEFT - 10, y + 5, formatTick(tick), { size: 14, anchor: "end" }));
  }
  for (const tick of xAxis.ticks.filter((tick) => tick >= xAxis.min && tick <= xAxis.max)) {
    const x = toX(tick);
    parts.push(line(x, bottom, x, bottom + 6, "#333333"));
    if (isLast) parts.push(text(x, bottom + 24, formatTick(tick), { size: 14, anchor: "middle" }));
  }
  parts.push(
    line(LEFT, top, LEFT, bottom, "#333333"),
    line(LEFT, bottom, right, bottom, "#333333"),
  );
  const middle = (top + bottom) / 2;
  parts.push(text(22, middle, panel.label, { size: 15, anchor: "middle", rotate: true }));
  parts.push(`<g clip-path="url(#panel${index})" fill="none" stroke-linejoin="round">`);
  for (const series of panel.series.toSorted((a, b) => Number(!!b.faint) - Number(!!a.faint))) {
    parts.push(
      series.points ? drawPoints(series, toX, toY) : drawCurve(series, toX, toY, right - LEFT),
    );
  }
  parts.push("</g>");
  return parts.join("\n");
}

/** One path; where points are denser than pixels, the lowest and highest of each pixel remain. */
function drawCurve(
  { x, y, color, faint, dashed }: Series,
  toX: (x: number) => number,
  toY: (y: number) => number,
  pixels: number,
): string {
  const perBucket = Math.max(1, Math.ceil(x.length / pixels));
  let path = "";
  let open = false;
  const point = (i: number): void => {
    path += `${open ? "L" : "M"}${toX(x[i]).toFixed(1)} ${toY(y[i]).toFixed(1)}`;
    open = true;
  };
  for (let from = 0; from < x.length; from += perBucket) {
    let lowest = -1;
    let highest = -1;
    for (let i = from; i < Math.min(from + perBucket, x.length); i++) {
      if (!Number.isFinite(y[i])) continue;
      if (lowest < 0 || y[i] < y[lowest]) lowest = i;
      if (highest < 0 || y[i] > y[highest]) highest = i;
    }
    if (lowest < 0) {
      open = false;
      continue;
    }
    point(Math.min(lowest, highest));
    if (lowest !== highest) point(Math.max(lowest, highest));
  }
  const style = faint ? `stroke-width="1" stroke-opacity="0.25"` : `stroke-width="2.2"`;
  return `<path d="${path}" stroke="${color}" ${style}${dashed ? ' stroke-dasharray="7 5"' : ""}/>`;
}

function drawPoints(
  { x, y, color }: Series,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  const at = Array.from(x, (value, i) => [toX(value).toFixed(1), toY(y[i]).toFixed(1)]);
  const circles = at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5"/>`);
  return `<g fill="${color}" fill-opacity="0.55">${circles.join("")}</g>`;
}

/** Curves with a name, in as many rows as the width asks for, each with its place in the row. */
function legendRows(panel: Panel, width: number): { x: number; series: Series }[][] {
  const rows: { x: number; series: Series }[][] = [];
  let x = Infinity;
  for (const series of panel.series) {
    if (series.name === undefined) continue;
    const wide = 33 + textWidth(series.name, 14);
    if (x + wide > width) {
      rows.push([]);
      x = LEFT + 4;
    }
    rows.at(-1)!.push({ x, series });
    x += wide + 22;
  }
  return rows;
}

function drawLegend(
  rows: readonly (readonly { x: number; series: Series }[])[],
  y: number,
): string {
  return rows.flatMap((row, i) =>
    row.map(({ x, series: { name, color, dashed } }) => {
      const base = y + LEGEND_ROW * i;
      return `<line x1="${x}" y1="${base - 5}" x2="${x + 26}" y2="${base - 5}" stroke="${color}" ` +
        `stroke-width="3"${dashed ? ' stroke-dasharray="7 5"' : ""}/>\n` +
        text(x + 33, base, name!, { size: 14 });
    })
  ).join("\n");
}

/** About how wide a text is, rather too much: Chinese characters are as wide as they are high. */
function textWidth(content: string, size: number): number {
  return [...content].reduce((sum, one) => sum + size * (one > "\u2e7f" ? 1 : 9 / 14), 0);
}

/** The size at which a text fits a narrow chart beside the left margin, at most the one asked for. */
function fitting(size: number, content: string, width: number): number {
  if (width >= WIDTH) return size;
  return Math.min(size, size * (width - LEFT - 4) / Math.max(1, textWidth(content, size)));
}

function minimum(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function maximum(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
