/**
 * Leaves in a run folder what a run leaves while it goes on.
 *
 * @module
 */

import { join } from "node:path";
import { removeStrayParts, writeFileAtomic } from "../files/atomic.ts";
import { makeGrid } from "../image/image.ts";
import type { Pictures } from "../image/pictures.ts";
import { encodePng } from "../image/png_encoder.ts";
import { saveCheckpoint } from "../files/checkpoint_file.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { StepMetrics } from "../train/metrics.ts";
import {
  addEvaluation,
  dropEvaluationsAfter,
  type Evaluation,
  readEvaluations,
} from "./evaluations.ts";
import { EventLog } from "./event_log.ts";
import type { RunFolder } from "./folder.ts";
import { MetricsLog } from "./metrics_log.ts";
import { type RunConfig, writeRunConfig } from "./run_config.ts";

/** Samples that TensorBoard is given: all of them would be most of the run folder a second time. */
const EVENT_SAMPLES = 16;

/** Writes metrics, samples and checkpoints of a run. */
export class RunRecorder {
  readonly #folder: RunFolder;
  readonly #config: RunConfig;
  #log: MetricsLog;
  readonly #events: EventLog | undefined;
  readonly #keep: number;

  private constructor(
    folder: RunFolder,
    config: RunConfig,
    log: MetricsLog,
    events: EventLog | undefined,
    keep: number,
  ) {
    this.#folder = folder;
    this.#config = config;
    this.#log = log;
    this.#events = events;
    this.#keep = keep;
  }

  /**
   * Makes the folder, or goes on in it from a step; what is there of later steps is dropped.
   *
   * @throws {UserError} If the folder cannot be written to.
   */
  static async open(
    folder: RunFolder,
    config: RunConfig,
    options: {
      readonly step: number;
      readonly tensorboard: boolean;
      readonly keep: number;
      readonly warn: (line: string) => void;
    },
  ): Promise<RunRecorder> {
    for (const place of ["", "samples", "checkpoints"]) {
      await removeStrayParts(join(folder.path, place));
    }
    await writeRunConfig(folder, config);
    const log = await MetricsLog.open(folder.metrics, options.step, options.warn);
    await dropAfter(folder, options.step);
    // A newer checkpoint was damaged, or this run would not go on from an older one. It stays for
    // whoever can mend it, under a name that no longer makes it the newest.
    for (const step of await folder.checkpointSteps()) {
      if (step <= options.step) continue;
      await Deno.rename(folder.checkpoint(step), `${folder.checkpoint(step)}.bad`);
    }
    const events = options.tensorboard ? await EventLog.create(folder.events) : undefined;
    return new RunRecorder(folder, config, log, events, options.keep);
  }

  /** Drops what came after a step that training went back to. */
  async rewind(step: number): Promise<void> {
    this.#log = await MetricsLog.open(this.#folder.metrics, step);
    await dropAfter(this.#folder, step);
  }

  /** What a picture of this run carries beside its pixels. */
  pictureText(step: number): Record<string, string> {
    return {
      Software: `facadegan ${this.#config.versions.facadegan}`,
      Seed: String(this.#config.train.seed),
      Step: String(step),
      Settings: JSON.stringify(this.#config.train),
    };
  }

  /** Adds the metrics of some steps. */
  async metrics(metrics: readonly StepMetrics[]): Promise<void> {
    await this.#log.append(metrics);
    await this.#events?.metrics(metrics);
  }

  /** Writes the grid of the fixed samples; gives its path. */
  async sample(step: number, pictures: Pictures): Promise<string> {
    const images = pictures.images();
    const png = encodePng(makeGrid(images), this.pictureText(step));
    const path = this.#folder.sample(step);
    await writeFileAtomic(path, png);
    if (this.#events) {
      const few = makeGrid(images.slice(0, EVENT_SAMPLES));
      await this.#events.sample(step, few, encodePng(few));
    }
    return path;
  }

  /** Writes a checkpoint and drops the oldest beyond those to keep; gives its path. */
  async checkpoint(step: number, checkpoint: Checkpoint): Promise<string> {
    const path = this.#folder.checkpoint(step);
    await Deno.mkdir(`${this.#folder.path}/checkpoints`, { recursive: true });
    await saveCheckpoint(path, checkpoint);
    const steps = await this.#folder.checkpointSteps();
    for (const old of steps.slice(0, -this.#keep)) {
      if (old !== step) await Deno.remove(this.#folder.checkpoint(old));
    }
    return path;
  }

  /**
   * Adds what samples were judged; where none before were nearer to photos keeps the state that drew
   * them, and gives its path.
   */
  async evaluation(
    evaluation: Evaluation,
    snapshot: () => Promise<Checkpoint>,
  ): Promise<string | undefined> {
    const others = (await readEvaluations(this.#folder))
      .filter(({ step }) => step !== evaluation.step);
    const isBest = others.every(({ swd }) => evaluation.swd.avg < swd.avg);
    if (isBest) {
      await Deno.mkdir(`${this.#folder.path}/checkpoints`, { recursive: true });
      await saveCheckpoint(this.#folder.best, await snapshot());
    }
    await addEvaluation(this.#folder, evaluation);
    await this.#events?.evaluation(evaluation);
    return isBest ? this.#folder.best : undefined;
  }
}

/** Drops samples and what was judged of later steps. */
async function dropAfter(folder: RunFolder, last: number): Promise<void> {
  const late = (await folder.sampleSteps()).filter((step) => step > last);
  for (const step of late) await Deno.remove(folder.sample(step));
  await dropEvaluationsAfter(folder, last);
}
