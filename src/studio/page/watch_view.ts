/**
 * Watching runs: curves over each other, samples as they come.
 *
 * @module
 */

import type { StepMetrics } from "../../train/metrics.ts";
import type { RunEntry } from "../run_entry.ts";
import { el, labelled, showCurves, slider, withNumber } from "./dom.ts";
import type { Page, View } from "./view.ts";
import type { Words } from "./words.ts";

const POLL_MS = 1000;

/** Opens the view. */
export function watchView({ words, runs }: Page): View {
  const list = el("div", { className: "row" });
  const chart = el("div", { className: "chart" });
  const samples = el("div", { className: "samples columns" });
  const element = el("section", {}, el("h2", { textContent: words.runs }), list, chart, samples);
  const chosen = new Set<number>();
  const metrics = new Map<number, { readonly sessions: string; steps: readonly StepMetrics[] }>();
  const shownSamples = new Map<number, () => void>();
  let listed = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const showList = (all: readonly RunEntry[]): void => {
    const names = JSON.stringify(all.map(({ name }) => name));
    if (names === listed) return;
    listed = names;
    if (chosen.size === 0 && all.length > 0) chosen.add(all.at(-1)!.id);
    list.replaceChildren(...all.map(({ id, name, train }) => {
      const box = el("input", { type: "checkbox", checked: chosen.has(id) });
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(id);
        else chosen.delete(id);
        shownSamples.clear();
        samples.replaceChildren();
        void poll();
      });
      const told = train.size ? ` (${train.loss}, ${train.size}x${train.size})` : "";
      return labelled(name + told, box);
    }));
  };

  const showChart = (all: readonly RunEntry[]): void => {
    const selected = all.filter(({ id }) => chosen.has(id) && metrics.get(id)?.steps.length);
    const named = selected.map(({ id, name }) => ({
      name,
      metrics: thinned(metrics.get(id)!.steps),
    }));
    showCurves(chart, named, words.chart);
  };

  const showSamples = (run: RunEntry): void => {
    const update = shownSamples.get(run.id);
    if (update) return update();
    const image = el("img", { alt: "", hidden: true });
    const input = slider(0, 0, 0, 1);
    input.hidden = true;
    const title = el("h2", { textContent: run.name });
    const numbers = el("p", { className: "note numbers" });
    let steps: readonly number[] = [];
    const show = (): void => {
      const step = steps[Number(input.value)];
      if (step === undefined) return;
      title.textContent = `${run.name}: ${withNumber(words.samplesOfStep, step)}`;
      image.alt = title.textContent;
      const src = `api/runs/${run.id}/samples/${step}`;
      if (!image.src.endsWith(src)) image.src = src;
      image.hidden = input.hidden = false;
    };
    input.addEventListener("input", show);
    input.ariaLabel = `${run.name}: ${words.samples}`;
    shownSamples.set(run.id, () => {
      const last = metrics.get(run.id)?.steps.at(-1);
      if (last) numbers.textContent = lastNumbers(last, words);
      const atEnd = input.value === input.max;
      steps = (latestRuns.find(({ id }) => id === run.id) ?? run).samples;
      input.max = `${Math.max(0, steps.length - 1)}`;
      if (atEnd) input.value = input.max;
      show();
    });
    samples.append(el("div", {}, title, numbers, image, input));
    shownSamples.get(run.id)!();
  };

  let latestRuns: readonly RunEntry[] = [];
  const poll = async (): Promise<void> => {
    clearTimeout(timer);
    const all = await runs().catch(() => latestRuns);
    if (closed) return;
    if (!all) return void element.append(el("p", { textContent: words.noServer }));
    latestRuns = all;
    if (all.length === 0) list.replaceChildren(el("p", { textContent: words.noRuns }));
    else showList(all);
    for (const run of all.filter(({ id }) => chosen.has(id))) {
      const sessions = run.sessions.join();
      const before = metrics.get(run.id);
      const known = before?.sessions === sessions ? before.steps : [];
      const from = (known.at(-1)?.step ?? -1) + 1;
      const added = await fetch(`api/runs/${run.id}/metrics?from=${from}`)
        .then(async (response) => response.ok ? parseMetrics(await response.text()) : [])
        .catch(() => []);
      metrics.set(run.id, { sessions, steps: [...known, ...added] });
      showSamples(run);
    }
    if (closed) return;
    showChart(all);
    timer = setTimeout(() => void poll(), POLL_MS);
  };
  void poll();
  return {
    element,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** JSON has no NaN: it comes as null. */
function parseMetrics(text: string): StepMetrics[] {
  return JSON.parse(text, (_, value) => value === null ? NaN : value);
}

/** The newest numbers, for those who cannot read them off a curve. */
function lastNumbers(metrics: StepMetrics, words: Words): string {
  const { step, errD, errG, D_x, D_G_z1 } = metrics;
  const named = { errD, errG, "D(x)": D_x, "D(G(z))": D_G_z1 };
  const told = Object.entries(named).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  return [withNumber(words.step, step), ...told].join(words.comma);
}

/** At most a thousand of them, evenly chosen: more cannot be told apart on a screen. */
function thinned(metrics: readonly StepMetrics[]): StepMetrics[] {
  const every = Math.ceil(metrics.length / 1000);
  return metrics.filter((_, i) => i % every === 0 || i === metrics.length - 1);
}
