/**
 * A run's config.json: everything needed to repeat it.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import type { AdapterSummary } from "../gpu/device.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import type { TrainSettings } from "../train/settings.ts";
import type { RunFolder } from "./folder.ts";

/** What config.json holds. */
export interface RunConfig {
  /** The options as `--config` takes them, each with the value that was in force. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The settings of the networks, the losses and Adam. */
  readonly train: TrainSettings;
  /** What was trained on. */
  readonly photos: { readonly source: readonly string[] | string; readonly count: number };
  /** Versions of the programs. */
  readonly versions: Readonly<Record<string, string>>;
  /** The adapter. */
  readonly adapter: AdapterSummary;
  /** The kernel variants it runs on, by product and shape: a resumed run keeps to them. */
  readonly kernels: Readonly<Record<string, string>>;
  /** The times it was worked on, the first and then each resume. */
  readonly sessions: readonly Session[];
}

/** One go at a run: from its start or a resume to its end or interruption. */
export interface Session {
  /** When it began. */
  readonly time: string;
  /** The steps done when it began. */
  readonly fromStep: number;
  /** The steps done when it ended; absent while it goes on or where it crashed. */
  readonly toStep?: number;
  /** Seconds of training. */
  readonly seconds?: number;
  /** Of these, seconds in which the GPU had no photos to work on. */
  readonly waitedForPhotos?: number;
  /** Of these, seconds in which the program had nothing to do but wait for the GPU. */
  readonly waitedForGpu?: number;
}

/** Writes a run's config.json. */
export async function writeRunConfig(folder: RunFolder, config: RunConfig): Promise<void> {
  await writeFileAtomic(folder.config, `${JSON.stringify(config, null, 2)}\n`);
}

/**
 * Reads a run's config.json.
 *
 * @throws {UserError} If there is none, or it is not one.
 */
export async function readRunConfig(folder: RunFolder): Promise<RunConfig> {
  let text: string;
  try {
    text = await Deno.readTextFile(folder.config);
  } catch {
    throw new UserError(`${folder.path} is no run folder: it holds no readable config.json`);
  }
  try {
    const config = JSON.parse(text) as RunConfig;
    if (config?.options && config.train && config.sessions) {
      // Runs older than the other sizes do not say theirs.
      return { ...config, train: { ...config.train, size: config.train.size ?? 64 } };
    }
  } catch {
    // Said below, like every other content that is not ours.
  }
  throw new UserError(`${folder.config} is damaged; it should hold the run's settings`);
}
