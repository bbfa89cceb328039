/**
 * The few things the page does with the document.
 *
 * @module
 */

import type { RgbImage } from "../../image/image.ts";
import { renderChart } from "../../plot/chart.ts";
import {
  comparisonChart,
  type CurveWords,
  lossChart,
  type NamedMetrics,
} from "../../run/curves.ts";

type Child = Node | string;

/** Makes an element; properties are set as they are, `aria` and `on` by their names. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> & {
    readonly aria?: Readonly<Record<string, string>>;
    readonly on?: Readonly<Record<string, (event: Event) => void>>;
  } = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const { aria = {}, on = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children);
  return element;
}

/** A labelled control. */
export function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  return el("label", {}, text, control);
}

/** A button. */
export function button(
  text: string,
  action: () => unknown,
  properties: Partial<HTMLButtonElement> = {},
): HTMLButtonElement {
  return el("button", {
    type: "button",
    textContent: text,
    on: { click: () => void action() },
    ...properties,
  });
}

/** A choice among values. */
export function choice<T extends string>(
  values: readonly (readonly [T, string])[],
  chosen: T,
): HTMLSelectElement & { readonly value: T } {
  const select = el("select", {}, ...values.map(([value, text]) => new Option(text, value)));
  select.value = chosen;
  return select as HTMLSelectElement & { readonly value: T };
}

/** A number to type. */
export function numberInput(value: number, min: number, max: number, step = 1): HTMLInputElement {
  return el("input", {
    type: "number",
    min: `${min}`,
    max: `${max}`,
    step: `${step}`,
    value: `${value}`,
  });
}

/** A slider. */
export function slider(value: number, min: number, max: number, step: number): HTMLInputElement {
  const input = el("input", { type: "range", min: `${min}`, max: `${max}`, step: `${step}` });
  input.value = `${value}`;
  return input;
}

/** Paints a picture onto a canvas of its size. */
export function paint(canvas: HTMLCanvasElement, { width, height, data }: RgbImage): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = data[3 * i + c];
    pixels.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}

/** A chart of curves of runs, as wide as its place: letters keep their size on a phone. */
export function showCurves(
  place: HTMLElement,
  named: readonly NamedMetrics[],
  words: CurveWords,
): void {
  place.innerHTML = named.length === 0 ? "" : renderChart({
    ...(named.length === 1
      ? lossChart(named[0].metrics, named[0].name, words)
      : comparisonChart(named, words)),
    width: chartWidth(place),
  });
}

/** A chart's width in its units; a place that is not shown yet will be as wide as the window allows. */
export function chartWidth(place: HTMLElement): number {
  return Math.max(320, Math.min(960, place.clientWidth || innerWidth - 32));
}

/** Words with a number in them, where `%` stands. */
export function withNumber(words: string, number: number | string): string {
  return words.replace("%", `${number}`);
}

/** Hands bytes to the reader as a file. */
export function save(bytes: Uint8Array<ArrayBuffer>, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = el("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Asks for a file. */
export function chooseFile(accept: string): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = el("input", { type: "file", accept });
    input.addEventListener("change", () => resolve(input.files?.[0]));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}

/** Files of weights; PyTorch's own kind is told how to become one of ours. */
export const WEIGHT_FILES = ".safetensors,.pth,.pt";

/** Work of which only the latest request matters. */
export interface Latest<T> {
  /** Asks for work; requests that are overtaken are dropped. */
  (request: T): void;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

/** Does the latest request whenever the one before is done. */
export function latest<T>(work: (request: T) => Promise<void>): Latest<T> {
  let waiting: { request: T } | undefined;
  let busy: Promise<void> | undefined;
  const workOff = async (): Promise<void> => {
    try {
      while (waiting) {
        const { request } = waiting;
        waiting = undefined;
        await work(request);
      }
    } finally {
      busy = undefined;
    }
  };
  const ask = (request: T): void => {
    waiting = { request };
    busy ??= workOff();
  };
  return Object.assign(ask, { settled: () => busy ?? Promise.resolve() });
}
