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
import { type Left, lookAt, type Moment, overall } from "../../mechanism/history.ts";
import {
  comparedChart,
  gradientsChart,
  historyChart,
  scoresChart,
} from "../../mechanism/history_charts.ts";
import { pullsOf } from "../../mechanism/pass.ts";
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
      ["compared", renderChart(comparedChart(history, source.words))],
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
    history.push(await lookAt(gpu, checkpoint, photos, batches ? { batches } : {}));
  }
  return history;
}

/** A table: a line for each checkpoint and form of the run's loss, and one over all for every loss. */
function inWords(history: readonly Moment[]): string[] {
  const norm = (value: number | null) => (value === null ? "-" : value.toPrecision(3)).padStart(9);
  const shares = ({ slope, alone, batch }: Left) =>
    [slope, alone, batch]
      .map((share) => (share === null ? "-" : `${(100 * share).toFixed(0)}%`).padStart(8)).join("");
  const start = (step: string, share: number) =>
    `${step.padStart(8)} ${(100 * share).toFixed(1).padStart(7)}%`;
  const { pictures, calledReal, highest, left } = overall(history);
  return [
    "           called   median gradient    left of it where called real",
    "    step     real  told apart  c. real   slope   alone   batch  loss",
    ...history.flatMap((moment) =>
      pullsOf(moment.loss).map((name) => {
        const { medianToldApart, medianCalledReal, left } = moment.pulls[name]!;
        return `${start(String(moment.step), moment.calledReal)}  ${norm(medianToldApart)}` +
          `${norm(medianCalledReal)}${shares(left)}  ${name}`;
      })
    ),
    ...Object.entries(left).map(([name, of]) =>
      `${start("all", calledReal / pictures)}  ${"".padStart(18)}${shares(of)}  ${name}`
    ),
    `${calledReal} of ${pictures} pictures called real; highest score ${highest.toFixed(2)}, ` +
    `boundary ${history[0].boundary}`,
    "slope: of the loss alone; alone: gradient of each picture's own loss; batch: of its whole batch's",
  ];
}
