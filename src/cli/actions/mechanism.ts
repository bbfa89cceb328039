/**
 * `mechanism`: what each loss does to generated samples.
 *
 * @module
 */

import { join } from "node:path";
import { renderSvg } from "../../deps/resvg.ts";
import { UserError } from "../../errors.ts";
import { writeFileAtomic } from "../../files/atomic.ts";
import { loadCheckpoint } from "../../files/checkpoint_file.ts";
import type { Gpu } from "../../gpu/device.ts";
import { openTunedGpu } from "../../host/open_gpu.ts";
import { readJudgePhotos } from "../../judge/photos.ts";
import { drawMechanism } from "../../mechanism/draw.ts";
import { lookAt, type Moment, type Overall, overall } from "../../mechanism/history.ts";
import { gradientsChart, historyChart, scoresChart } from "../../mechanism/history_charts.ts";
import { LOSSES } from "../../ops/loss_table.ts";
import { renderChart } from "../../plot/chart.ts";
import { RunFolder } from "../../run/folder.ts";
import { readRunConfig } from "../../run/run_config.ts";
import { photosOfRun } from "../../run/run_photos.ts";
import type { MECHANISM } from "../commands/mechanism.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";

type Options = Invocation<typeof MECHANISM>["options"];

/** Computes, draws, and says what was written. */
export async function mechanism({ options, args }: Invocation<typeof MECHANISM>): Promise<number> {
  const run = args[0] === undefined ? undefined : new RunFolder(args[0]);
  const source = run && await readSource(run, options);
  using gpu = await openTunedGpu();
  const { curves, plane, numbers } = await drawMechanism(gpu);
  const figures: [name: string, svg: string][] = [["curves", curves], ["plane", plane]];
  const history = source ? await lookBack(gpu, source, options) : undefined;
  if (source && history) {
    figures.push(
      ["scores", renderChart(scoresChart(history, source.words))],
      ["gradients", renderChart(gradientsChart(history, source.words))],
      ["history", renderChart(historyChart(history, source.words))],
    );
  }
  const json = `${
    JSON.stringify({ ...numbers, ...(history ? { overall: overall(history), history } : {}) })
  }\n`;
  const files: [name: string, content: string | Uint8Array][] = [["mechanism.json", json]];
  for (const [name, svg] of figures) {
    files.push([`${name}.svg`, svg], [`${name}.png`, await renderSvg(svg)]);
  }
  for (const [name, content] of files) await writeFileAtomic(join(options.out, name), content);
  if (options.quiet) return 0;
  for (const line of history ? inWords(history) : []) TERMINAL.write(`${line}\n`);
  TERMINAL.write(files.map(([name]) => `${join(options.out, name)}\n`).join(""));
  return 0;
}

/** What of a run is looked at. */
interface Source {
  readonly run: RunFolder;
  readonly steps: readonly number[];
  readonly photos: { readonly data: Uint8Array; readonly count: number };
  /** The run in a line. */
  readonly words: string;
}

async function readSource(run: RunFolder, options: Options): Promise<Source> {
  const config = await readRunConfig(run);
  const steps = await run.checkpointSteps();
  if (steps.length === 0) throw new UserError(`${run.path} holds no checkpoint to look at`);
  if (steps.length < 3) {
    warn(
      `${run.path} holds ${steps.length} checkpoint${steps.length === 1 ? "" : "s"}: train with ` +
        "--checkpoint-every 250 --keep 20 to see how things change",
    );
  }
  const { size, channels, loss, width, batch } = config.train;
  const { reference, training } = await readJudgePhotos({
    ...photosOfRun(config),
    ...(options.data ? { source: options.data } : {}),
    ...(options.workers ? { workers: options.workers } : {}),
    size,
    channels,
    onSkipped: ({ path, reason }) => warn(`skipped ${path}: ${reason}`),
  });
  const words = `${LOSSES[loss].title}, width ${width}, batch ${batch}, size ${size}`;
  return { run, steps, photos: training ?? reference, words };
}

async function lookBack(
  gpu: Gpu,
  { run, steps, photos }: Source,
  { batches, quiet }: Options,
): Promise<Moment[]> {
  const history: Moment[] = [];
  for (const [i, step] of steps.entries()) {
    if (!quiet) TERMINAL.write(`checkpoint ${i + 1} of ${steps.length}: step ${step}\n`);
    const checkpoint = await loadCheckpoint(run.checkpoint(step), warn);
    history.push(await lookAt(gpu, checkpoint, photos, { batches }));
  }
  return history;
}

/** A table: a line for each checkpoint and form of the loss, and one over all. */
function inWords(history: readonly Moment[]): string[] {
  const shown = (norm: number | null) => (norm === null ? "-" : norm.toPrecision(3)).padStart(10);
  const row = (step: string, share: number, { pulls }: Pick<Overall, "pulls">): string[] =>
    Object.entries(pulls).map(([name, { medianToldApart, medianCalledReal }]) =>
      `${step.padStart(8)} ${(100 * share).toFixed(1).padStart(6)}% ` +
      `${shown(medianToldApart)}        ${shown(medianCalledReal)}   ${name}`
    );
  const all = overall(history);
  return [
    "          called   median gradient through pictures",
    "    step    real   told from photos  called real",
    ...history.flatMap((moment) => row(String(moment.step), moment.calledReal, moment)),
    ...row("all", all.calledReal / all.pictures, all),
    `${all.calledReal} of ${all.pictures} pictures called real`,
  ];
}
