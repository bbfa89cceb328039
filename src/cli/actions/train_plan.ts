/**
 * Deciding what a `train` command line means: a new run, a resumed one, or one that branches off.
 *
 * @module
 */

import { resolve } from "node:path";
import type { DatasetOptions } from "../../data/mod.ts";
import { UserError } from "../../errors.ts";
import { loadCheckpoint, stepOfFile } from "../../files/checkpoint_file.ts";
import type { PictureSize } from "../../model/layers.ts";
import type { Labels } from "../../ops/loss_table.ts";
import { folderOfCheckpoint, lastRun, nextFreeRun, RunFolder } from "../../run/folder.ts";
import { readRunConfig, type RunConfig } from "../../run/run_config.ts";
import { type Preset, presetFor, PRESETS } from "../../train/presets.ts";
import type { Checkpoint } from "../../train/checkpoint.ts";
import { checkSettings, type TrainSettings } from "../../train/settings.ts";
import type { TRAIN } from "../commands/train.ts";
import type { OptionsOf } from "../declare.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage_error.ts";
import { findCheckpoint } from "./find_checkpoint.ts";

/** The options of `train`. */
export type TrainOptions = OptionsOf<typeof TRAIN>;

/** Where a run goes and where it comes from. */
export interface TrainPlan {
  /** The run folder to write to. */
  readonly folder: RunFolder;
  /** The options, those of the resumed run included. */
  readonly invocation: Invocation<typeof TRAIN>;
  /** The checkpoint to go on from. */
  readonly checkpoint?: string;
  /** The run that is gone on with; also where this one branches off into a folder of its own. */
  readonly before?: { readonly folder: RunFolder; readonly config: RunConfig };
  /** The weights that a new run begins with, and what there is to say of them. */
  readonly weights?: {
    readonly path: string;
    readonly checkpoint: Checkpoint;
    readonly notes: readonly string[];
  };
}

/**
 * Decides from the options alone, without a GPU.
 *
 * @throws {UserError} If the folder holds a run already, or there is nothing to resume.
 */
export async function planTraining(invocation: Invocation<typeof TRAIN>): Promise<TrainPlan> {
  const { options, given } = invocation;
  if (given.get("steps") && given.get("steps") === given.get("epochs")) {
    throw new UsageError("Give --steps or --epochs, not both.");
  }
  if (options["weights-only"] && options.resume === undefined) {
    throw new UsageError("--weights-only goes with --resume FILE: the weights to begin with.");
  }
  // The config.json of a fine-tuned run says --weights-only, too; --resume typed beside it goes on.
  const finetunes = options["weights-only"] &&
    !(given.get("weights-only") === "file" && given.get("resume") !== "file");
  if (options.resume === undefined || finetunes) {
    const folder = options.out === undefined ? await nextFreeRun() : new RunFolder(options.out);
    if (await folder.exists()) {
      throw new UserError(
        `${folder.path} already holds a run: go on with it by --resume ${folder.path}, or choose ` +
          "another --out",
      );
    }
    return finetunes ? await planFineTuning(folder, invocation) : { folder, invocation };
  }
  const { folder: old, checkpoint } = await findResumed(options);
  const config = await readRunConfig(old);
  const merged = invocation.withDefaults({ path: old.config, values: config.options });
  const branches = options.out !== undefined && resolve(options.out) !== resolve(old.path);
  const plan = { invocation: merged, checkpoint, before: { folder: old, config } };
  if (!branches) {
    const newest = await old.lastCheckpoint();
    if (resolve(newest) !== resolve(checkpoint)) {
      throw new UserError(
        `${checkpoint} is not the newest checkpoint of ${old.path}: give --out DIR for a run that ` +
          "branches off there",
      );
    }
    return { ...plan, folder: old };
  }
  const folder = new RunFolder(options.out as string);
  if (await folder.exists()) {
    throw new UserError(`${folder.path} already holds a run: choose another --out`);
  }
  return { ...plan, folder };
}

/** A new run that begins with a file's weights; what shapes the networks is the file's. */
async function planFineTuning(
  folder: RunFolder,
  invocation: Invocation<typeof TRAIN>,
): Promise<TrainPlan> {
  const { resume } = invocation.options;
  const path = await findCheckpoint(typeof resume === "string" ? resume : undefined);
  const notes: string[] = [];
  const checkpoint = await loadCheckpoint(path, (line) => notes.push(line));
  const { size, width, nz, loss, upsample } = checkpoint.settings;
  const merged = invocation.withDefaults({ path, values: { size, width, nz, loss, upsample } });
  return { folder, invocation: merged, weights: { path, checkpoint, notes } };
}

async function findResumed(
  { resume, out }: TrainOptions,
): Promise<{ folder: RunFolder; checkpoint: string }> {
  if (typeof resume === "string" && resume.endsWith(".safetensors")) {
    if (stepOfFile(resume) === undefined) {
      throw new UserError(
        `${resume} is not a run's checkpoint: its name should hold its step; to begin a run with its ` +
          "weights alone, add --weights-only",
      );
    }
    return { folder: folderOfCheckpoint(resume), checkpoint: resume };
  }
  const folder = typeof resume === "string"
    ? new RunFolder(resume)
    : out === undefined
    ? await lastRun()
    : new RunFolder(out);
  if (!await folder.exists()) {
    throw new UserError(`there is no run in ${folder.path} to resume`);
  }
  return { folder, checkpoint: await folder.lastCheckpoint() };
}

/** The networks' settings, those of the preset filled in. */
export function trainSettings(options: TrainOptions, software: boolean): TrainSettings {
  const preset = choosePreset(options, software);
  const [beta1, beta2] = options.betas;
  const { nz, loss, half, seed } = options;
  return checkSettings({
    size: options.size as PictureSize, // the command line takes no other
    width: options.width ?? preset.width,
    batch: options.batch ?? preset.batch,
    nz,
    loss,
    ...(options.labels ? { labels: namedLabels(options.labels) } : {}),
    lr: options.lr ?? preset.lr,
    // A rate that is given holds for both networks, unless the other one's is given too.
    lrD: options["lr-d"] ?? (options.lr === undefined ? preset.lrD : 0),
    beta1,
    beta2,
    ema: options.ema ?? preset.ema,
    half,
    upsample: options.upsample ?? preset.upsample,
    seed,
  });
}

function namedLabels([real, fake, target]: readonly number[]): Labels {
  return { real, fake, target };
}

/** Which photos a run trains on, and what each goes through on its way into a batch. */
export function photoOptions(
  options: TrainOptions,
  { seed, batch, size }: TrainSettings,
): DatasetOptions {
  return {
    ...(options.data ? { source: options.data } : {}),
    facades: options.facades,
    ...(options.workers ? { workers: options.workers } : {}),
    seed,
    batch,
    size,
    holdout: options.holdout,
    layout: options.crop,
    trimBorder: options["trim-border"],
    ...(options.augment === "off" ? { augmentation: false } : {}),
  };
}

/** The number of steps a run ends at. */
export function totalSteps(
  { options, given }: Invocation<typeof TRAIN>,
  stepsPerEpoch: number,
  software: boolean,
): number {
  // Epochs from the command line win over steps from a file or the resumed run.
  const strength = (name: string): number =>
    ["file", "environment", "command line"].indexOf(given.get(name) ?? "");
  if (options.epochs !== undefined && strength("epochs") > strength("steps")) {
    return Math.ceil(options.epochs * stepsPerEpoch);
  }
  return options.steps ?? choosePreset(options, software).steps;
}

function choosePreset({ preset }: TrainOptions, software: boolean): Preset {
  return preset === "auto" ? presetFor({ software }) : PRESETS[preset];
}
