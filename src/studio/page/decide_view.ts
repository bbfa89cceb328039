/**
 * Why least squares pulls: the losses as curves, samples in a plane to drag, and a small network
 * trained live with each loss.
 *
 * @module
 */

import { type Gpu, LOSSES, type LossName, type LossRole, UserError } from "../../../browser.ts";
import { pullAt, type PullName } from "../../mechanism/pull.ts";
import { LossProbe } from "../../ops/loss_probe.ts";
import { COLORS, renderChart } from "../../plot/chart.ts";
import { button, chartWidth, choice, el, labelled, withNumber } from "./dom.ts";
import { type LossGradients, PlaneGan, ringOfGaussians } from "./plane_gan.ts";
import type { Page, View } from "./view.ts";
import type { Words } from "./words.ts";

const PULLS: readonly PullName[] = ["ls", "bce", "saturating"];
const BATCH = 128;

function nameOf(pull: PullName, words: Words): string {
  return pull === "saturating" ? words.saturating : words[pull];
}

/** Opens the view. */
export function decideView(page: Page): View {
  const { words } = page;
  const ends: (() => void)[] = [];
  const element = el(
    "section",
    {},
    curves(words),
    plane(words, (end) => ends.push(end)),
    ring(page, (end) => ends.push(end)),
  );
  return { element, close: () => ends.forEach((end) => end()) };
}

function curves(words: Words): HTMLElement {
  const x = Float64Array.from({ length: 161 }, (_, i) => -3 + i / 20);
  const chart = el("div", { className: "chart" });
  chart.innerHTML = renderChart({
    title: words.curvesTitle,
    xLabel: words.distance,
    width: chartWidth(chart),
    panels: [
      ["L", "loss"] as const,
      ["|∂L/∂x|", "slope"] as const,
    ].map(([label, key]) => ({
      label,
      series: PULLS.map((pull, i) => ({
        name: nameOf(pull, words),
        color: COLORS[i],
        dashed: pull === "saturating",
        x,
        y: Array.from(
          x,
          (at) => key === "loss" ? pullAt(pull, at).loss : Math.abs(pullAt(pull, at).slope),
        ),
      })),
    })),
  });
  return el("div", {}, chart, el("p", { className: "note", textContent: words.curvesHint }));
}

/** Samples in the plane; photos lie at height 1 above the boundary at height 0. */
function plane(words: Words, onClose: (end: () => void) => void): HTMLElement {
  const canvas = el("canvas", { className: "plane", tabIndex: 0 });
  canvas.ariaLabel = words.planeTitle;
  canvas.setAttribute("role", "img");
  const pull = choice(PULLS.map((one) => [one, nameOf(one, words)] as const), "ls");
  const start = (): { x: number; y: number }[] => [
    { x: 1, y: -1.6 },
    { x: 2.2, y: -0.6 },
    { x: 3.4, y: 0.4 },
    { x: 4.6, y: 1.2 },
    { x: 5.8, y: 2.2 },
    { x: 7, y: 3 },
  ];
  let points = start();
  let held = -1;
  let frame = 0;
  const context = canvas.getContext("2d")!;
  const toPixel = ({ x, y }: { x: number; y: number }): [number, number] => [
    x / 8 * canvas.clientWidth,
    canvas.clientHeight * (3.6 - y) / 6,
  ];
  const draw = (): void => {
    const ink = getComputedStyle(canvas).color;
    canvas.width = canvas.clientWidth * devicePixelRatio; // clears it, too
    canvas.height = canvas.clientHeight * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.strokeStyle = context.fillStyle = ink;
    for (const [y, dash] of [[0, []], [1, [6, 8]]] as const) {
      context.setLineDash([...dash]);
      context.beginPath();
      context.moveTo(...toPixel({ x: 0, y }));
      context.lineTo(...toPixel({ x: 8, y }));
      context.stroke();
    }
    context.setLineDash([]);
    const color = COLORS[PULLS.indexOf(pull.value)];
    for (const point of points) {
      const { slope } = pullAt(pull.value, point.y);
      const [x, y] = toPixel(point);
      const [, end] = toPixel({ x: 0, y: point.y - slope });
      context.strokeStyle = context.fillStyle = color;
      context.lineWidth = 3;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x, end);
      context.stroke();
      const back = Math.sign(y - end) * Math.min(7, Math.abs(y - end));
      context.beginPath();
      context.moveTo(x, end);
      context.lineTo(x - 6, end + back);
      context.lineTo(x + 6, end + back);
      context.fill();
      context.beginPath();
      context.arc(x, y, 7, 0, 2 * Math.PI);
      context.fill();
      context.fillStyle = ink;
      context.font = "14px system-ui, sans-serif";
      // Beside the sample, on the side that has room.
      const told = `∂L = ${slope.toFixed(3)}`;
      const wide = context.measureText(told).width;
      context.fillText(told, x + 12 + wide > canvas.clientWidth ? x - 12 - wide : x + 12, y + 5);
    }
    context.lineWidth = 1;
  };
  const at = (event: PointerEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    return {
      x: 8 * (event.clientX - box.left) / box.width,
      y: 3.6 - 6 * (event.clientY - box.top) / box.height,
    };
  };
  canvas.addEventListener("pointerdown", (event) => {
    const place = at(event);
    const distances = points.map(({ x, y }) => Math.hypot(x - place.x, y - place.y));
    const nearest = Math.min(...distances);
    held = nearest < 0.6 ? distances.indexOf(nearest) : -1;
    if (held >= 0) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held < 0) return;
    points[held] = at(event);
    draw();
  });
  canvas.addEventListener("pointerup", () => held = -1);
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 0.1, ArrowDown: -0.1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    points[points.length - 1] = { ...points.at(-1)!, y: points.at(-1)!.y + way };
    draw();
  });
  const stop = (): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    follow.textContent = words.run;
  };
  const follow = button(words.run, () => {
    if (frame) return stop();
    follow.textContent = words.stop;
    const move = (): void => {
      points = points.map((point, i) =>
        i === held ? point : { ...point, y: point.y - 0.02 * pullAt(pull.value, point.y).slope }
      );
      draw();
      frame = requestAnimationFrame(move);
    };
    frame = requestAnimationFrame(move);
  });
  pull.addEventListener("change", draw);
  addEventListener("resize", draw);
  onClose(() => {
    stop();
    removeEventListener("resize", draw);
  });
  requestAnimationFrame(draw);
  return el(
    "div",
    {},
    el("h2", { textContent: words.planeTitle }),
    canvas,
    el("p", { className: "note", textContent: words.planeHint }),
    el(
      "div",
      { className: "row" },
      labelled(words.loss, pull),
      follow,
      button(words.restart, () => {
        points = start();
        draw();
      }),
    ),
  );
}

/** The ring of Gaussians, a canvas and two networks a loss. */
function ring(page: Page, onClose: (end: () => void) => void): HTMLElement {
  const { words } = page;
  const note = el("p", { className: "note" });
  const columns = el("div", { className: "columns" });
  const element = el(
    "div",
    {},
    el("h2", { textContent: words.ringTitle }),
    el("p", { className: "note", textContent: words.ringHint }),
  );
  let running = 0;
  let closed = false;
  const start = async (): Promise<void> => {
    const mine = ++running;
    const probes: LossProbe[] = [];
    const gpu = await page.gpu();
    note.textContent = gpu ? words.gradientsOn : words.gradientsOff;
    const names: readonly LossName[] = ["ls", "bce", "hinge"];
    const gans = names.map((loss, i) => ({
      loss,
      color: COLORS[i],
      gan: new PlaneGan(lossGradients(gpu, loss, probes), BATCH),
      canvas: el("canvas", { className: "ring", width: 320, height: 320 }),
      text: el("output"),
    }));
    columns.replaceChildren(
      ...gans.map(({ loss, canvas, text }) =>
        el("div", {}, el("h2", {}, `${words[loss]}${words.comma}`, text), canvas)
      ),
    );
    try {
      while (!closed && mine === running) {
        for (const { gan, canvas, color, text } of gans) {
          drawRing(canvas, await gan.step(), color);
          text.textContent = withNumber(words.step, gan.steps);
        }
        columns.dataset.steps = `${gans[0].gan.steps}`;
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      note.textContent = error.message;
    }
    for (const probe of probes) probe.destroy();
  };
  onClose(() => closed = true);
  const runButton = button(words.start, () => {
    runButton.textContent = words.restart;
    void start();
  });
  element.append(el("div", { className: "row" }, runButton, note), columns);
  return element;
}

/** A loss's gradients from its kernel; from its reference where there is no GPU. */
function lossGradients(gpu: Gpu | undefined, loss: LossName, probes: LossProbe[]): LossGradients {
  const { labels, reference } = LOSSES[loss];
  if (!gpu) {
    return (scores, role, of) =>
      Promise.resolve(
        scores.map((score) => reference(score, labels[of], role).gradient / scores.length),
      );
  }
  const made = new Map<string, LossProbe>();
  return async (scores, role: LossRole, of) => {
    let probe = made.get(of);
    if (!probe) {
      probe = new LossProbe(gpu, { loss, role, label: labels[of], batch: BATCH });
      made.set(of, probe);
      probes.push(probe);
    }
    return (await probe.probe(scores)).gradients;
  };
}

function drawRing(canvas: HTMLCanvasElement, points: Float64Array, color: string): void {
  const context = canvas.getContext("2d")!;
  const dot = (x: number, y: number): void => {
    context.beginPath();
    context.arc(canvas.width * (0.5 + x / 3), canvas.height * (0.5 - y / 3), 2.5, 0, 2 * Math.PI);
    context.fill();
  };
  context.clearRect(0, 0, canvas.width, canvas.height);
  const data = ringOfGaussians(BATCH, 0);
  context.fillStyle = "#888888";
  for (let i = 0; i < data.length; i += 2) dot(data[i], data[i + 1]);
  context.fillStyle = color;
  for (let i = 0; i < points.length; i += 2) dot(points[i], points[i + 1]);
}
