import assert from "node:assert/strict";
import { renderSvg } from "../src/deps/resvg.ts";
import { formatTick, niceAxis, robustRange } from "../src/plot/axis.ts";
import { COLORS, renderChart } from "../src/plot/chart.ts";
import { escapeXml } from "../src/plot/svg.ts";
import { type Png, readPng } from "./independent_reader.ts";

Deno.test("niceAxis() spans the values with round ticks", () => {
  const { min, max, ticks } = niceAxis(0.03, 0.97, 5);
  assert.deepEqual([min, max], [0, 1]);
  assert.deepEqual(ticks.map(formatTick), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
  assert.deepEqual(niceAxis(-130, 260, 4).ticks, [-200, -100, 0, 100, 200, 300]);
});

Deno.test("niceAxis() makes room around a single value", () => {
  for (const value of [0, 3, -7]) {
    const { min, max } = niceAxis(value, value, 5);
    assert.ok(min < value && value < max, String(value));
  }
});

Deno.test("robustRange() leaves out a lone spike and NaN", () => {
  const values = Array.from({ length: 1000 }, (_, i) => i / 1000);
  const [low, high] = robustRange([...values, 1e9, NaN]);
  assert.ok(low < 0.01 && high < 1.1);
  assert.deepEqual(robustRange([NaN]), [0, 1]);
});

Deno.test("formatTick() shortens large numbers", () => {
  assert.deepEqual([0.1 + 0.2, 2500, 12000, 3.5e6].map(formatTick), ["0.3", "2500", "12k", "3.5M"]);
});

const chart = {
  title: "Losses & scores",
  xLabel: "step",
  panels: [{
    label: "loss",
    series: [
      { name: "errD <D>", color: COLORS[0], x: [0, 1, 2, 3, 4], y: [1, 2, NaN, 3, 1] },
      { color: COLORS[1], x: [0, 4], y: [0, 3], faint: true },
    ],
  }],
};

Deno.test("renderChart() names axes and curves, escaped, and breaks a line at NaN", () => {
  const svg = renderChart(chart);
  for (const text of ["Losses &amp; scores", ">step<", ">loss<", "errD &lt;D&gt;"]) {
    assert.ok(svg.includes(text), text);
  }
  assert.match(svg, /<path d="M[^LM]+L[^LM]+M[^LM]+L[^LM]+" stroke="#0072b2"/);
  assert.ok(!svg.includes("NaN"));
});

Deno.test("a legend's names lie beside each other, Chinese ones too, and below where the chart is narrow", () => {
  const series = ["最小二乘损失", "交叉熵损失", "合页"].map((name, i) => (
    { name, color: COLORS[i], x: [0, 1], y: [0, i] }
  ));
  const places = (width?: number): [x: number, y: number, end: number][] =>
    [
      ...renderChart({ ...chart, panels: [{ label: "", series }], ...width && { width } })
        .matchAll(/<text x="([\d.]+)" y="([\d.]+)" font-size="14"[^>]*>([^<]*[^<\d.][^<]*)</g),
    ]
      .map(([, x, y, name]) => [Number(x), Number(y), Number(x) + 14 * name.length]);
  const wide = places();
  assert.deepEqual(wide.map(([, y]) => y === wide[0][1]), [true, true, true]);
  assert.ok(wide[0][2] < wide[1][0] && wide[1][2] < wide[2][0], `${wide}`);
  const narrow = places(330);
  assert.ok(narrow.every(([, , end]) => end <= 330) && narrow[2][1] > narrow[0][1], `${narrow}`);
});

Deno.test("renderChart() keeps the extremes of a long curve in few points", () => {
  const x = Array.from({ length: 100_000 }, (_, i) => i);
  const y = x.map((i) => i === 54_321 ? 5 : 0);
  const svg = renderChart({
    ...chart,
    panels: [{ label: "loss", series: [{ color: COLORS[0], x, y }] }],
  });
  assert.ok(svg.length < 60_000, `${svg.length} characters`);
  const path = /<path d="([^"]+)"/.exec(svg)?.[1] ?? "";
  assert.equal(new Set(path.match(/ [-0-9.]+/g)).size, 2, "the spike is drawn");
});

Deno.test("escapeXml() escapes what ends text or attributes", () => {
  assert.equal(escapeXml(`a<b>&"c"`), "a&lt;b&gt;&amp;&quot;c&quot;");
});

Deno.test("renderSvg() draws the chart with its text", async () => {
  const draw = async (title: string): Promise<Png> =>
    readPng(await renderSvg(renderChart({ ...chart, title })));
  const ink = ({ data, channels }: Png): number =>
    data.filter((value, i) => i % channels === 0 && value < 128).length;
  const titled = await draw("Losses");
  assert.equal(titled.width, 960);
  assert.ok(ink(titled) > ink(await draw("")) + 100, "the heading's letters are there");
});
