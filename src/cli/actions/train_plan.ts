/**
 * Deciding what a `train` command line means: a new run, a resumed one, or one that branches off.
 *
 * @module
 */

import { resolve } from "node:path";
import type { DatasetOptions } from "../../data/mod.ts";
import { UserError } from "../../errors.ts";
import { loadCheckpoint, stepOfFile } from "../../files/checkpoint_file.ts";
import type { Channels, PictureSize } from "../../model/layers.ts";
import type { Labels } from "../../ops/loss_table.ts";
import { RunClaim } from "../../run/claim.ts";
import { folderOfCheckpoint, lastRun, RunFolder } from "../../run/folder.ts";
import { readRunConfig, type RunConfig } from "../../run/run_config.ts";
import { optionsInForce } from "../../run/run_options.ts";
import { type Preset, presetFor, PRESETS } from "../../train/presets.ts";
import type { Checkpoint } from "../../train/checkpoint.ts";
import { checkSettings, type TrainSettings } from "../../train/settings.ts";
import type { TRAIN } from "../commands/train.ts";
import type { OptionsOf } from "../declare.ts";
import type { Invocation } from "../invocation.ts";
import { UsageError } from "../usage_error.ts";
import { openCheckpoint } from "./open_checkpoint.ts";

/** The options of `train`. */
export type TrainOptions = OptionsOf<typeof TRAIN>;

/** Where a run goes and where it comes from. */
export interface TrainPlan {
  /** The run folder to write to, which nobody else writes to until this is released. */
  readonly claim: RunClaim;
  /** The options, those of the resumed run included. */
  readonly invocation: Invocation<typeof TRAIN>;
  /** The checkpoint to go on from, or the folder of the run whose newest it is. */
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
 * Decides from the options alone, without a GPU, and claims the folder.
 *
 * @throws {UserError} If the folder holds a run already, someone writes to it, or there is nothing to
 * resume.
 */
export async function planTraining(invocation: Invocation<typeof TRAIN>): Promise<TrainPlan> {
  const { options, given } = invocation;
  if (given.get("steps") && given.get("steps") === given.get("epochs")) {
    throw new UsageError("Give --steps or --epochs, not both.");
  }
  if (options["evaluate-every"] !== undefined && options.holdout === 0) {
    throw new UsageError(
      "--evaluate-every judges samples by photos held out of training: give --holdout 0.1 with it.",
    );
  }
  if (options["weights-only"] && options.resume === undefined) {
    throw new UsageError("--weights-only goes with --resume FILE: the weights to begin with.");
  }
  // The config.json of a fine-tuned run says --weights-only, too; --resume typed beside it goes on.
  const finetunes = options["weights-only"] &&
    !(given.get("weights-only") === "file" && given.get("resume") !== "file");
  if (options.resume === undefined || finetunes) {
    const claim = await claimNew(options.out, "go on with it by --resume");
    if (!finetunes) return { claim, invocation };
    return await orRelease(claim, () => planFineTuning(claim, invocation));
  }
  const { folder: old, checkpoint } = await findResumed(options);
  const branches = options.out !== undefined && resolve(options.out) !== resolve(old.path);
  const claim = branches ? await claimNew(options.out) : await RunClaim.take(old);
  return await orRelease(claim, async () => {
    const config = await readRunConfig(old);
    const plan = {
      claim,
      invocation: resumedInvocation(invocation, old, config),
      before: { folder: old, config },
    };
    if (checkpoint !== undefined) {
      if (!branches) await refuseOlder(old, checkpoint);
      return { ...plan, checkpoint };
    }
    const steps = await old.checkpointSteps();
    // One that was killed before its first checkpoint begins anew, with its own settings.
    if (steps.length === 0 && !branches) return plan;
    return { ...plan, checkpoint: steps.length > 0 ? old.path : await old.lastCheckpoint() };
  });
}

/**
 * The options of a resumed run, with what is given now above them.
 *
 * @throws {UserError} If the environment changes what is computed, unless that is allowed.
 */
export function resumedInvocation(
  invocation: Invocation<typeof TRAIN>,
  run: RunFolder,
  config: Pick<RunConfig, "options" | "train">,
): Invocation<typeof TRAIN> {
  const values = optionsInForce(config);
  const merged = invocation.withDefaults({ path: run.config, values });
  // What is typed is meant; a variable that is set for other runs need not be. Photos that it names
  // are compared by themselves.
  for (const name of ["size", "width", "batch", "seed"] as const) {
    const changed = merged.given.get(name) === "environment" && values[name] !== undefined &&
      merged.options[name] !== values[name];
    if (!changed || invocation.options["allow-changes"]) continue;
    throw new UserError(
      `the environment sets ${name} to ${merged.options[name]}, ${run.path} was trained with ` +
        `${values[name]}: give --${name}, or --allow-changes to go on with it`,
    );
  }
  return merged;
}

/** Claims the folder of a run that is to begin in it: the one named, or the next free one. */
async function claimNew(out: string | undefined, otherwise?: string): Promise<RunClaim> {
  if (out === undefined) return await RunClaim.next();
  const claim = await RunClaim.take(new RunFolder(out));
  return await orRelease(claim, async () => {
    if (!await claim.folder.exists()) return claim;
    throw new UserError(
      `${out} already holds a run: ${
        otherwise ? `${otherwise} ${out}, or ` : ""
      }choose another --out`,
    );
  });
}

/** A claim is given back where what it was taken for comes to nothing. */
async function orRelease<T>(claim: RunClaim, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** In its own folder a run goes on from its newest checkpoint that is undamaged, no older one. */
async function refuseOlder(run: RunFolder, checkpoint: string): Promise<void> {
  const named = stepOfFile(checkpoint) as number; // findResumed() looked
  for (const step of (await run.checkpointSteps()).filter((step) => step > named)) {
    const newer = run.checkpoint(step);
    if (!await loadCheckpoint(newer).then(() => true, () => false)) continue;
    throw new UserError(
      `${checkpoint} is not the newest checkpoint of ${run.path}: give --out DIR for a run that ` +
        "branches off there",
    );
  }
}

/** A new run that begins with a file's weights; what shapes the networks is the file's. */
async function planFineTuning(
  claim: RunClaim,
  invocation: Invocation<typeof TRAIN>,
): Promise<TrainPlan> {
  const { resume } = invocation.options;
  const notes: string[] = [];
  const { path, checkpoint } = await openCheckpoint(
    typeof resume === "string" ? resume : undefined,
    (line) => notes.push(line),
  );
  const { size, width, nz, channels, normD, loss, upsample } = checkpoint.settings;
  const values = { size, width, nz, channels, "norm-d": normD, loss, upsample };
  const merged = invocation.withDefaults({ path, values });
  return { claim, invocation: merged, weights: { path, checkpoint, notes } };
}

/** The run to go on with; with the checkpoint where one is named. */
async function findResumed(
  { resume, out }: TrainOptions,
): Promise<{ readonly folder: RunFolder; readonly checkpoint?: string }> {
  if (typeof resume === "string" && resume.endsWith(".safetensors")) {
    if (stepOfFile(resume) === undefined) {
      throw new UserError(
        `${resume} is not a run's checkpoint: its name should hold its step; to begin a run with its ` +
          "weights alone, add --weights-only",
      );
    }
    const folder = folderOfCheckpoint(resume);
    await readRunConfig(folder); // before anybody claims what is no run's folder
    return { folder, checkpoint: resume };
  }
  const folder = typeof resume === "string"
    ? new RunFolder(resume)
    : out === undefined
    ? await lastRun()
    : new RunFolder(out);
  if (!await folder.exists()) {
    throw new UserError(`there is no run in ${folder.path} to resume`);
  }
  return { folder };
}

/** The networks' settings, those of the preset filled in. */
export function trainSettings(options: TrainOptions, software: boolean): TrainSettings {
  const preset = choosePreset(options, software);
  const [beta1, beta2] = options.betas;
  const { nz, loss, half, seed } = options;
  return checkSettings({
    size: options.size as PictureSize | undefined ?? preset.size, // the command line takes no other
    width: options.width ?? preset.width,
    batch: options.batch ?? preset.batch,
    nz,
    channels: options.channels as Channels,
    normD: options["norm-d"],
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
    diffAugment: options["diff-augment"],
    instanceNoise: options["instance-noise"],
    seed,
  });
}

/**
 * Refuses half precision where it is only emulated: a step then takes a minute instead of a second.
 *
 * @throws {UserError} On a software adapter with `half`.
 */
export function refuseEmulatedHalf(
  { half }: Pick<TrainSettings, "half">,
  { software, name }: { readonly software: boolean; readonly name: string },
): void {
  if (!half || !software) return;
  throw new UserError(
    `${name} only emulates half precision, many times slower than single precision: train without ` +
      "--half",
  );
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
    minIntact: options["min-intact"],
    maxPixels: options["max-pixels"],
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

function choosePreset({ preset, size }: TrainOptions, software: boolean): Preset {
  return preset === "auto"
    ? presetFor({ software }, size as PictureSize | undefined)
    : PRESETS[preset];
}
