/**
 * Judging the runs of a comparison by the same photos and from the same noise.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { loadCheckpoint } from "../files/checkpoint_file.ts";
import type { Gpu } from "../gpu/device.ts";
import { Judge } from "../judge/judge.ts";
import { drawSamples, readJudgePhotos } from "../judge/photos.ts";
import { addEvaluation } from "../run/evaluations.ts";
import { photosOfRun } from "../run/run_photos.ts";
import { openGenerator } from "../train/loaded_generator.ts";
import { type ComparedRun, readRun } from "./gather.ts";
import { lastEvaluation } from "./statistics.ts";

/** Seed of the samples that are judged: the same in every comparison. */
const SEED = 1;

/** How {@linkcode evaluateRuns} goes about it. */
export interface EvaluateRunsOptions {
  /** Samples to draw and judge of each run. */
  readonly samples: number;
  /** Where the photos are, if no longer where the runs found them. */
  readonly source?: readonly string[];
  /** Opens the GPU when there is something to draw. */
  readonly openGpu: () => Promise<Gpu>;
  /** Is told of each judgement. */
  readonly onJudged?: (run: ComparedRun) => void;
}

/**
 * Judges every run's last checkpoint, unless it was judged already, and keeps that in its folder. What
 * cannot be judged is told in the notes: a run whose photos are not on this machine still has curves.
 */
export async function evaluateRuns(
  runs: readonly ComparedRun[],
  { samples, source, openGpu, onJudged = () => {} }: EvaluateRunsOptions,
): Promise<{ readonly runs: ComparedRun[]; readonly notes: readonly string[] }> {
  const judges = new Map<string, Judge>();
  const done: ComparedRun[] = [];
  const notes: string[] = [];
  let gpu: Gpu | undefined;
  try {
    for (const run of runs) {
      if (lastEvaluation(run)?.samples === samples) {
        done.push(run);
        continue;
      }
      try {
        const checkpoint = await loadCheckpoint(await run.folder.lastCheckpoint());
        const photos = {
          ...photosOfRun(run.config),
          ...(source ? { source } : {}),
          size: checkpoint.settings.size,
          channels: checkpoint.settings.channels,
        };
        const key = JSON.stringify(photos);
        const judge = judges.get(key) ?? new Judge(await readJudgePhotos(photos), { seed: SEED });
        judges.set(key, judge);
        gpu ??= await openGpu();
        using generator = openGenerator(gpu, checkpoint);
        const { judgement } = await judge.judge(await drawSamples(generator, samples, SEED));
        await addEvaluation(run.folder, { step: checkpoint.stepsDone, ...judgement });
        const judged = await readRun(run.folder);
        onJudged(judged);
        done.push(judged);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        notes.push(`${run.folder.path} was not judged: ${error.message}`);
        done.push(run);
      }
    }
  } finally {
    gpu?.close();
  }
  return { runs: done, notes };
}
