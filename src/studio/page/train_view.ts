/**
 * Training in the page: photos in; curves, samples and a checkpoint out, one loss or two side by
 * side from the same weights, photos and noise.
 *
 * @module
 */

import {
  canResume,
  CHANNELS,
  type Channels,
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type GivenSettings,
  type Gpu,
  type LossName,
  makeGrid,
  PICTURE_SIZES,
  type PictureSize,
  PRESETS,
  type StepMetrics,
  train,
  Trainer,
  type TrainEvent,
  UserError,
} from "../../../browser.ts";
import { FACADE_STYLES } from "../../synth/facade.ts";
import {
  button,
  choice,
  chooseFile,
  el,
  labelled,
  numberInput,
  paint,
  save,
  showCurves,
  WEIGHT_FILES,
  withNumber,
} from "./dom.ts";
import { type PhotoChoice, Photos } from "./photos.ts";
import { forget, keep, kept } from "./storage.ts";
import type { Page, View } from "./view.ts";

/** Milliseconds between two checkpoints into the browser's storage. */
const KEEP_MS = 20_000;
const CHART_MS = 1000;
const SAMPLES = 16;

/** What shows something soonest on a small network. */
const { steps: DEMO_STEPS, ...demo } = PRESETS.small;

/** One of the networks trained side by side. */
interface Side {
  trainer: Trainer;
  readonly metrics: StepMetrics[];
  readonly canvas: HTMLCanvasElement;
}

/** Opens the view. */
export function trainView(page: Page): View {
  const { words } = page;
  const element = el("section", {});
  const status = el("p", { className: "note" });
  status.setAttribute("role", "status");
  status.textContent = words.needPhotos;
  /** What is to be known of a loaded file: it stays while the status goes on to other things. */
  const fileNotes = el("p", { className: "warning" });
  const bar = el("progress", { hidden: true });
  const chart = el("div", { className: "chart" });
  const pictures = el("div", { className: "samples columns" });
  let photos: Photos | undefined;
  let photoChoice: PhotoChoice | undefined;
  let opened = { size: 0, count: 0 };
  /** From where the training goes on if the GPU is lost: what it began with, or what was kept of it. */
  let origin: { readonly checkpoints: readonly Checkpoint[] | undefined } | "kept" | undefined;
  let sides: Side[] = [];
  let running: AbortController | undefined;
  let finished: Promise<void> = Promise.resolve();
  let closed = false;

  const size = choice(PICTURE_SIZES.map((one) => [`${one}`, `${one}`] as const), "64");
  const channels = choice(CHANNELS.toReversed().map((one) => [`${one}`, words[one]] as const), "3");
  const width = numberInput(demo.width, 4, 128, 4);
  const batch = numberInput(demo.batch, 1, 128);
  const seed = numberInput(1, 0, 2 ** 32 - 1);
  const steps = numberInput(DEMO_STEPS, 1, 1_000_000);
  const loss = choice<LossName | "both">(
    [["ls", words.ls], ["bce", words.bce], ["hinge", words.hinge], ["both", words.both]],
    "ls",
  );

  const say = (text: string): void => {
    status.textContent = text;
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(error.message);
    }
  };

  const openPhotos = async (chosen: PhotoChoice): Promise<void> => {
    photos ??= new Photos();
    photoChoice = chosen;
    bar.hidden = false;
    const pixels = Number(size.value);
    const { count, unusable } = await photos.open(chosen, pixels, (done, total) => {
      bar.max = total;
      bar.value = done;
      say(`${words.reading} ${done}/${total}`);
    });
    bar.hidden = true;
    opened = { size: pixels, count };
    say(
      `${count} ${words.photosReady}` +
        (unusable.length > 0
          ? `${words.comma}${unusable.length} ${words.unusable}: ${unusable.slice(0, 5).join(", ")}`
          : ""),
    );
    start.disabled = count === 0;
  };

  const settings = (name: LossName): GivenSettings => ({
    ...(Number(width.value) <= 32 ? demo : {}),
    size: Number(size.value) as PictureSize,
    width: Number(width.value),
    channels: Number(channels.value) as Channels,
    batch: Number(batch.value),
    seed: Number(seed.value),
    loss: name,
  });

  /** `metrics` are those of the steps that led to the checkpoints. */
  const makeSides = (
    gpu: Gpu,
    checkpoints?: readonly Checkpoint[],
    metrics: readonly (readonly StepMetrics[])[] = [],
  ): void => {
    drop();
    origin = { checkpoints };
    if (!checkpoints) fileNotes.textContent = "";
    const chosen = loss.value;
    const names: readonly LossName[] = chosen === "both" ? ["ls", "bce"] : [chosen];
    const trainers = checkpoints
      ? checkpoints.map((checkpoint) =>
        canResume(checkpoint)
          ? Trainer.resume(gpu, checkpoint)
          : Trainer.fineTune(gpu, checkpoint, { batch: Number(batch.value) })
      )
      : names.map((name) => Trainer.create(gpu, settings(name)));
    sides = trainers.map((trainer, i) => ({
      trainer,
      metrics: (metrics[i] ?? []).filter(({ step }) => step < trainer.stepsDone),
      canvas: el("canvas"),
    }));
    showSettings();
    pictures.replaceChildren(
      ...sides.map(({ trainer, canvas }) =>
        el("div", {}, el("h2", { textContent: words[trainer.settings.loss] }), canvas)
      ),
    );
  };

  /** The controls say what is trained, a loaded file's settings included. */
  const showSettings = (): void => {
    const { settings } = sides[0].trainer;
    for (const [name, control] of Object.entries({ size, width, channels, batch, seed })) {
      control.value = `${settings[name as "size"]}`;
    }
    loss.value = sides.length > 1 ? "both" : settings.loss;
  };

  const drop = (): void => {
    for (const { trainer } of sides) trainer.destroy();
    sides = [];
    for (const name of ["step", "kept", "ended"]) delete element.dataset[name];
    chart.replaceChildren();
    pictures.replaceChildren();
  };

  /** The sides need not be level: each goes on from its own step. */
  const keepAll = async (): Promise<void> => {
    const kept = sides;
    const step = Math.min(...kept.map(({ trainer }) => trainer.stepsDone));
    if (kept.length === 0 || step === 0) return;
    const checkpoints = await Promise.all(kept.map(({ trainer }) => trainer.snapshot()));
    try {
      await keep(checkpoints);
      if (sides === kept) origin = "kept";
      element.dataset.kept = `${step}`;
    } catch { // full, or forbidden in a private window
      say(words.notKept);
    }
  };

  let chartAt = 0;
  const drawChart = (always = false): void => {
    if (!always && performance.now() - chartAt < CHART_MS) return;
    chartAt = performance.now();
    const named = sides.map(({ trainer, metrics }) => ({
      name: words[trainer.settings.loss],
      metrics,
    }));
    if (!named.some(({ metrics }) => metrics.length > 1)) return;
    showCurves(chart, named, words.chart);
  };

  /** Trains all sides, each a step in turn, until they are done or the reader pauses. */
  const trainAll = async (gpu: Gpu): Promise<void> => {
    const { settings } = sides[0].trainer;
    const target = Number(steps.value);
    const source = photos!.source(settings);
    running = new AbortController();
    const { signal } = running;
    showButtons();
    let keptAt = performance.now();
    const sampleEvery = Math.max(5, Math.round(target / 40));
    const loops = sides.map((side) =>
      train(side.trainer, source, {
        steps: target,
        samples: SAMPLES,
        sampleEvery,
        checkpointEvery: target,
        signal,
      })
    );
    // A read-back from a lost device may fail, never end, or give zeros: the device says it itself.
    let gone = false;
    const lost = gpu.device.lost.then(() => {
      gone = true;
      throw new DeviceLost();
    });
    const follow = async (side: Side, loop: AsyncIterable<TrainEvent>): Promise<void> => {
      for await (const event of loop) {
        if (event.kind === "metrics") {
          side.metrics.push(...event.metrics);
          const { step, stepsPerSecond } = event.progress;
          element.dataset.step = `${step}`;
          say(
            withNumber(words.step, `${step} / ${target}`) +
              (Number.isFinite(stepsPerSecond)
                ? `${words.comma}${stepsPerSecond.toFixed(1)} ${words.stepsPerSecond}`
                : ""),
          );
          drawChart();
          if (performance.now() - keptAt > KEEP_MS) {
            keptAt = performance.now();
            await keepAll();
          }
        } else if (event.kind === "samples") paint(side.canvas, makeGrid(event.pictures.images()));
        else if (event.kind === "warning") say(event.warning.message);
      }
    };
    try {
      await Promise.race([
        Promise.all(sides.map((side, i) => follow(side, loops[i]))),
        lost,
      ]);
      await keepAll();
      element.dataset.ended = `${sides[0]?.trainer.stepsDone}`;
    } catch (error) {
      running.abort(); // one side alone would go on
      throw gone ? new DeviceLost() : error;
    } finally {
      running = undefined;
      drawChart(true);
      showButtons();
    }
  };

  const begin = (
    checkpoints?: readonly Checkpoint[],
    metrics?: readonly (readonly StepMetrics[])[],
  ): Promise<void> => {
    finished = attempt(async () => {
      const gpu = await page.gpu();
      if (!gpu || closed) return;
      if (checkpoints || sides.length === 0) makeSides(gpu, checkpoints, metrics);
      const wanted = sides[0].trainer.settings.size;
      if (opened.count === 0 || opened.size !== wanted) {
        size.value = `${wanted}`;
        await openPhotos(photoChoice ?? "street");
      }
      try {
        await trainAll(gpu);
      } catch (error) {
        if (!(error instanceof DeviceLost)) throw error;
        const before = sides.map(({ metrics }) => metrics);
        const saved = origin === "kept" ? await kept() : origin?.checkpoints;
        drop();
        say(words.lost);
        if (!await deviceAgain()) return say(words.lostForGood);
        element.dataset.recovered = `${saved?.[0]?.stepsDone ?? 0}`;
        if (!closed) await begin(saved, before);
      }
    });
    return finished;
  };

  /** A browser that lost its GPU needs a moment to find it again. */
  const deviceAgain = async (): Promise<boolean> => {
    for (let tries = 0; tries < 10 && !closed; tries++) {
      if (await page.gpu()) return true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return closed;
  };

  const start = button(words.start, () => begin(), { className: "main", disabled: true });
  const pause = button(words.pause, () => running?.abort(), { disabled: true });
  const reset = button(words.reset, async () => {
    running?.abort();
    await finished;
    drop();
    await forget();
    say(opened.count > 0 ? "" : words.needPhotos);
    showButtons();
  });
  const download = button(words.download, async () => {
    for (const { trainer } of sides) {
      const { loss, size } = trainer.settings;
      save(
        encodeCheckpoint(await trainer.snapshot()),
        `facadegan-${loss}-${size}-step${trainer.stepsDone}.safetensors`,
        "application/octet-stream",
      );
    }
  }, { disabled: true });
  const draw = button(
    words.drawWithIt,
    async () => page.drawWith(await sides[0].trainer.snapshot()),
    { disabled: true },
  );
  const load = button(words.load, async () => {
    const chosen = await chooseFile(WEIGHT_FILES);
    if (!chosen) return;
    await attempt(async () => {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      const notes: string[] = [];
      const checkpoint = decodeCheckpoint(bytes, chosen.name, (line) => notes.push(line));
      fileNotes.textContent = notes.join("; ");
      steps.value = `${Math.max(Number(steps.value), checkpoint.stepsDone + 1000)}`;
      await begin([checkpoint]);
    });
  });
  const showButtons = (): void => {
    const active = running !== undefined;
    start.textContent = sides.length > 0 ? words.goOn : words.start;
    start.disabled = active || opened.count === 0;
    pause.disabled = !active;
    download.disabled = draw.disabled = sides.length === 0;
    load.disabled = active;
    for (const choose of place.querySelectorAll("button")) choose.disabled = active;
    for (const input of [size, width, channels, batch, seed, loss]) {
      input.disabled = active || sides.length > 0;
    }
  };

  const folder = el("input", { type: "file", multiple: true, hidden: true });
  folder.addEventListener(
    "change",
    () => void openPhotos([...folder.files ?? []].filter(isPicture)),
  );
  const chooseMany = (whole: boolean): void => {
    folder.webkitdirectory = whole;
    folder.click();
  };
  const place = el(
    "div",
    { className: "drop" },
    words.dropPhotos,
    button(words.choosePhotos, () => chooseMany(false)),
    button(words.chooseFolder, () => chooseMany(true)),
    ...FACADE_STYLES.map((style) => button(words[style], () => openPhotos(style))),
    folder,
  );
  // Anywhere on the page: a browser would leave it, and the training, for a file that misses.
  const dragged = (event: DragEvent): void => {
    event.preventDefault();
    place.classList.toggle("over", event.type === "dragover" && !running);
    if (event.type !== "drop" || running) return;
    void droppedFiles(event.dataTransfer!).then((dropped) => openPhotos(dropped.filter(isPicture)));
  };
  const DRAGS = ["dragover", "dragleave", "drop"] as const;
  for (const type of DRAGS) document.addEventListener(type, dragged);
  const hidden = (): void => {
    if (document.visibilityState === "hidden") void keepAll().catch(() => {}); // a lost GPU
  };
  document.addEventListener("visibilitychange", hidden);

  element.append(
    place,
    bar,
    el(
      "div",
      { className: "row" },
      labelled(words.size, size),
      labelled(words.width, width),
      labelled(words.channels, channels),
      labelled(words.batch, batch),
      labelled(words.seed, seed),
      labelled(words.steps, steps),
      labelled(words.loss, loss),
    ),
    el("div", { className: "row" }, start, pause, reset, download, draw, load),
    status,
    fileNotes,
    el("div", { className: "columns" }, chart, pictures),
  );
  void page.gpu().then(async (gpu) => {
    if (!gpu) {
      element.replaceChildren(el("p", { className: "warning", textContent: words.noGpu }));
      return;
    }
    const saved = await kept();
    if (saved.length === 0 || closed) return;
    const goOn = button(words.goOn, () => {
      goOn.remove();
      void begin(saved);
    });
    say(withNumber(words.resumed, saved[0].stepsDone));
    status.after(goOn);
  });
  return {
    element,
    close: () => {
      closed = true;
      document.removeEventListener("visibilitychange", hidden);
      for (const type of DRAGS) document.removeEventListener(type, dragged);
      running?.abort();
      void finished.then(async () => {
        await keepAll().catch(() => {}); // a lost GPU
        drop();
        photos?.close();
      });
    },
  };
}

/** The device was taken away. */
class DeviceLost extends Error {}

function isPicture(file: File): boolean {
  return file.type.startsWith("image/") && !file.name.startsWith(".");
}

/** Everything that was dropped, folders searched through. */
async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  const files: File[] = [];
  const visit = async (entry: FileSystemEntry | null): Promise<void> => {
    if (entry?.isFile) {
      const { promise, resolve, reject } = Promise.withResolvers<File>();
      (entry as FileSystemFileEntry).file(resolve, reject);
      files.push(await promise);
    } else if (entry?.isDirectory) {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (;;) {
        const { promise, resolve, reject } = Promise.withResolvers<FileSystemEntry[]>();
        reader.readEntries(resolve, reject);
        const part = await promise; // browsers give a hundred at a time
        if (part.length === 0) break;
        for (const one of part) await visit(one);
      }
    }
  };
  for (const entry of entries) await visit(entry);
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}
