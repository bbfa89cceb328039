/**
 * A run's config.json: everything needed to repeat it.
 *
 * @module
 */

import { oneLine, UserError } from "../errors.ts";
import type { AdapterSummary } from "../gpu/device.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { checkSettings, type TrainSettings } from "../train/settings.ts";
import type { RunFolder } from "./folder.ts";

/** What config.json holds. */
export interface RunConfig {
  /** The options as `--config` takes them, each with the value that was in force. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The settings of the networks, the losses and Adam. */
  readonly train: TrainSettings;
  /** What was trained on. */
  readonly photos: {
    /** Where they are. */
    readonly source: readonly string[] | string;
    /** How many could be used. */
    readonly count: number;
    /** SHA-256 of the list of them, photos.txt; absent in runs of older versions. */
    readonly digest?: string;
  };
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
  /** How often it went back to an earlier state because of NaN; absent: never. */
  readonly rollbacks?: number;
  /** How often it went on on a fresh device; absent: never. */
  readonly devicesLost?: number;
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
  const damaged = `${folder.config} is damaged; it should hold the run's settings`;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new UserError(damaged);
  }
  // Older runs do not say all of it, the size among it.
  const known = isRecord(config) ? { ...UNKNOWN, ...config } : undefined;
  if (!known || !isRunConfig(known)) throw new UserError(damaged);
  try {
    return { ...known, train: checkSettings({ ...known.train, size: known.train.size ?? 64 }) };
  } catch (error) {
    throw new UserError(
      `${folder.config} has unusable settings: ${oneLine((error as Error).message)}`,
    );
  }
}

const UNKNOWN = {
  photos: { source: "unknown", count: 0 },
  versions: {},
  adapter: { name: "unknown" },
  kernels: {},
};

/** Whether parsed JSON has all that others read of a config.json. */
function isRunConfig(value: Record<string, unknown>): value is RunConfig & typeof value {
  const { options, train, photos, versions, adapter, kernels, sessions } = value;
  return isRecord(options) && isRecord(train) && isRecord(photos) &&
    typeof photos.count === "number" && isText(photos.digest ?? "") &&
    (isText(photos.source) || (Array.isArray(photos.source) && photos.source.every(isText))) &&
    isRecord(versions) && Object.values(versions).every(isText) &&
    isRecord(kernels) && Object.values(kernels).every(isText) &&
    isRecord(adapter) && isText(adapter.name) &&
    Array.isArray(adapter.subgroupSizes ?? []) &&
    Array.isArray(sessions) && sessions.every(isSession);
}

function isSession(value: unknown): value is Session {
  if (!isRecord(value)) return false;
  const { time, fromStep, ...others } = value;
  const numbers = [fromStep, ...Object.values(others).filter((other) => !isText(other))];
  return isText(time) && numbers.every((number) => typeof number === "number");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
