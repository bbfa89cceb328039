/**
 * Drawing with a finished generator: a sheet, a walk around a picture, a walk between two.
 *
 * @module
 */

import {
  type Checkpoint,
  decodeCheckpoint,
  type LoadedGenerator,
  noiseOfSeed,
  openGenerator,
  slerp,
  UserError,
} from "../../../browser.ts";
import { fillNormal, Purpose } from "../../random.ts";
import type { RunEntry } from "../run_entry.ts";
import {
  button,
  choice,
  chooseFile,
  el,
  labelled,
  latest,
  numberInput,
  paint,
  save,
  slider,
  WEIGHT_FILES,
  withNumber,
} from "./dom.ts";
import type { Page, View } from "./view.ts";

const COUNT = 24;
/** Beyond this the truncation is off: four standard deviations leave next to nothing out. */
const NO_TRUNCATION = 4;
const GIF_FRAMES = 24;

/** A page built with a generator has it here. */
const BUILT_IN = "generator.safetensors";

/** Opens the view; `given` is a checkpoint to begin with. */
export function drawView(page: Page, given?: Checkpoint): View {
  const { words } = page;
  const element = el("section", {});
  const controls = el("div", { className: "row" });
  const message = el("p", { className: "note", textContent: words.nothingOpen });
  message.setAttribute("role", "status");
  const sheet = el("div", { className: "sheet" });
  const large = el("canvas", { className: "large", tabIndex: 0 });
  large.setAttribute("role", "img");
  large.ariaLabel = words.walkHint;
  let generators: { sheet: LoadedGenerator; one: LoadedGenerator } | undefined;
  let noise = new Float32Array(0);
  let center = new Float32Array(0);
  let current = new Float32Array(0);
  const pins: { a?: Float32Array; b?: Float32Array } = {};

  const seed = numberInput(1, 0, 2 ** 32 - 1);
  const truncation = slider(NO_TRUNCATION, 0.3, NO_TRUNCATION, 0.1);
  const truncationText = el("output", { textContent: words.off });
  const between = slider(0, 0, 1, 0.01);
  between.disabled = true;

  const drawSheet = latest(() => tell(paintSheet));
  const paintSheet = async (): Promise<void> => {
    if (!generators) return;
    const { nz } = generators.sheet.settings;
    const limit = Number(truncation.value);
    truncationText.textContent = limit < NO_TRUNCATION ? limit.toFixed(1) : words.off;
    noise = noiseOfSeed(
      COUNT,
      nz,
      Number(seed.value) >>> 0,
      limit < NO_TRUNCATION ? limit : undefined,
    ).noise;
    const pictures = await generators.sheet.generate(noise);
    if (sheet.children.length === 0) {
      for (let i = 0; i < COUNT; i++) {
        sheet.append(
          el("button", {
            type: "button",
            ariaLabel: `${words.picture} ${i}`,
            on: { click: () => walkAround(noise.slice(i * nz, (i + 1) * nz)) },
          }, el("canvas")),
        );
      }
      walkAround(noise.slice(0, nz));
    }
    pictures.images().forEach((image, i) =>
      paint(sheet.children[i].firstElementChild as HTMLCanvasElement, image)
    );
    element.dataset.drawn = `${Number(element.dataset.drawn ?? 0) + 1}`;
  };

  const drawOne = latest((z: Float32Array) =>
    tell(async () => {
      current = Float32Array.from(z); // a generator that is being opened draws it next
      if (!generators) return;
      paint(large, (await generators.one.generate(z)).images()[0]);
      large.dataset.drawn = `${Number(large.dataset.drawn ?? 0) + 1}`;
    })
  );

  const walkAround = (z: Float32Array): void => {
    center = Float32Array.from(z);
    place.x = place.y = 0;
    drawOne(center);
  };
  const place = { x: 0, y: 0 };
  const walkTo = (x: number, y: number): void => {
    if (center.length === 0) return;
    Object.assign(place, { x: clamp(x), y: clamp(y) });
    drawOne(neighbour(center, place.x, place.y));
  };
  large.addEventListener("pointermove", (event) => {
    const box = large.getBoundingClientRect();
    walkTo(
      2 * (event.clientX - box.left) / box.width - 1,
      2 * (event.clientY - box.top) / box.height - 1,
    );
  });
  large.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (!way) return;
    event.preventDefault();
    walkTo(place.x + way[0] / 10, place.y + way[1] / 10);
  });

  const pin = (which: "a" | "b"): void => {
    pins[which] = Float32Array.from(current);
    between.disabled = gif.disabled = !(pins.a && pins.b);
  };
  between.addEventListener("input", () => {
    if (pins.a && pins.b) walkAround(slerp(pins.a, pins.b, Number(between.value)));
  });
  const gif = button(words.saveGif, async () => {
    if (!generators || !pins.a || !pins.b) return;
    const { nz } = generators.sheet.settings;
    const walk = new Float32Array(GIF_FRAMES * nz);
    for (let i = 0; i < GIF_FRAMES; i++) {
      walk.set(slerp(pins.a, pins.b, i / (GIF_FRAMES - 1)), i * nz);
    }
    const pictures = await generators.sheet.generate(walk);
    save(pictures.gif({ delay: 80, lastDelay: 800 }), "walk.gif", "image/gif");
  }, { disabled: true });

  /** Frees the generators once nothing draws with them any more. */
  const dropGenerators = async (): Promise<void> => {
    const old = generators;
    generators = undefined;
    await Promise.all([drawSheet.settled(), drawOne.settled()]);
    old?.sheet.destroy();
    old?.one.destroy();
  };
  const openFile = async (bytes: Uint8Array, name: string): Promise<void> => {
    const notes: string[] = [];
    await open(decodeCheckpoint(bytes, name, (line) => notes.push(line)));
    message.textContent = [message.textContent, ...notes].join("\n");
  };
  const open = async (checkpoint: Checkpoint): Promise<void> => {
    const gpu = await page.gpu();
    if (!gpu) return;
    await dropGenerators();
    const reopen = (): void => {
      if (generators === opened) void open(checkpoint);
    };
    const opened = generators = {
      sheet: openGenerator(gpu, checkpoint),
      one: openGenerator(gpu, checkpoint),
    };
    void gpu.device.lost.then(reopen);
    const { size, width, loss } = checkpoint.settings;
    message.textContent = [
      withNumber(words.step, checkpoint.stepsDone),
      `${size}x${size}`,
      `${words.width} ${width}`,
      words[loss],
    ].join(words.comma) + words.fullStop + words.sheetHint;
    drawSheet(undefined);
    if (current.length === checkpoint.settings.nz) drawOne(current);
  };
  const openUrl = latest(async (url: string) => {
    const response = await fetch(url);
    if (!response.ok) return;
    await tell(async () => await openFile(new Uint8Array(await response.arrayBuffer()), url));
  });
  const tell = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      message.textContent = error.message;
    }
  };

  const showSources = async (): Promise<void> => {
    const runs = ((await page.runs()) ?? []).filter(({ checkpoints }) => checkpoints.length > 0);
    const file = button(words.openFile, async () => {
      const chosen = await chooseFile(WEIGHT_FILES);
      if (!chosen) return;
      await tell(async () =>
        await openFile(new Uint8Array(await chosen.arrayBuffer()), chosen.name)
      );
    });
    controls.replaceChildren(...(runs.length > 0 ? runControls(runs) : []), file);
    if (given) await open(given);
    else if (runs.length === 0) openUrl(BUILT_IN);
  };
  const runControls = (runs: readonly RunEntry[]): HTMLElement[] => {
    const run = choice(
      runs.map(({ id, name }) => [`${id}`, name] as const),
      `${runs.at(-1)!.id}`,
    );
    const step = slider(0, 0, 0, 1);
    const text = el("output");
    const show = (): void => {
      const { id, checkpoints } = runs.find(({ id }) => `${id}` === run.value)!;
      text.textContent = `${checkpoints[Number(step.value)]}`;
      openUrl(`api/runs/${id}/checkpoints/${checkpoints[Number(step.value)]}`);
    };
    const chooseRun = (): void => {
      const { checkpoints } = runs.find(({ id }) => `${id}` === run.value)!;
      step.max = `${checkpoints.length - 1}`;
      step.value = step.max;
      show();
    };
    run.addEventListener("change", chooseRun);
    step.addEventListener("input", show);
    if (!given) chooseRun();
    return [
      labelled(words.generator, run),
      el("label", {}, words.checkpointOfStep, step, text),
    ];
  };

  seed.addEventListener("input", () => drawSheet(undefined));
  truncation.addEventListener("input", () => drawSheet(undefined));
  const png = button(words.savePng, async () => {
    if (!generators) return;
    const pictures = await generators.sheet.generate(noise);
    save(pictures.grid(), `facades-${seed.value}.png`, "image/png");
  });
  element.append(
    controls,
    el(
      "div",
      { className: "row" },
      labelled(words.seed, seed),
      el("label", {}, words.truncation, truncation, truncationText),
      png,
    ),
    message,
    el(
      "div",
      { className: "columns" },
      sheet,
      el(
        "div",
        {},
        el("h2", { textContent: words.walk }),
        large,
        el("p", { className: "note", textContent: words.walkHint }),
        el(
          "div",
          { className: "row" },
          button(words.pinA, () => pin("a")),
          button(words.pinB, () => pin("b")),
          labelled(words.between, between),
          gif,
        ),
      ),
    ),
  );
  void page.gpu().then((gpu) => {
    if (gpu) return showSources();
    element.replaceChildren(el("p", { className: "warning", textContent: words.noGpu }));
  });
  return {
    element,
    close: () => void dropGenerators(),
  };
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

/** A point near z, as far from the origin as z is: along two directions that belong to z alone. */
function neighbour(z: Float32Array, x: number, y: number): Float32Array {
  const [u, v] = [0, 1].map((axis) =>
    fillNormal(new Float32Array(z.length), 20 + axis, Purpose.Samples, 0)
  );
  const moved = z.map((value, i) => value + 0.9 * (x * u[i] + y * v[i]));
  const scale = Math.hypot(...z) / Math.hypot(...moved);
  return moved.map((value) => value * scale);
}
