/**
 * The run folder: where things lie in it, and finding runs.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { stepOfFile } from "../files/checkpoint_file.ts";
import { programName } from "../host/program_name.ts";

/** Where the default run folders go. */
export const RUNS = "runs";

/** The paths within a run folder. */
export class RunFolder {
  /** The folder itself. */
  readonly path: string;

  /** Names a folder; makes nothing. */
  constructor(path: string) {
    this.path = path;
  }

  /** Settings, versions and adapter: everything needed to repeat the run. */
  get config(): string {
    return join(this.path, "config.json");
  }

  /** The photos, a line each: bytes, and the path within their source. */
  get photos(): string {
    return join(this.path, "photos.txt");
  }

  /** There while a process writes to the folder: which one, and on what machine. */
  get lock(): string {
    return join(this.path, "run.lock");
  }

  /** One JSON object a step. */
  get metrics(): string {
    return join(this.path, "metrics.jsonl");
  }

  /** What the samples were judged, one JSON object a line. */
  get evaluations(): string {
    return join(this.path, "evaluations.jsonl");
  }

  /** The page that shows the run. */
  get report(): string {
    return join(this.path, "report.html");
  }

  /** The losses and scores as a picture. */
  plot(extension: "svg" | "png"): string {
    return join(this.path, `plot.${extension}`);
  }

  /** How the samples grew. */
  get growth(): string {
    return join(this.path, "growth.gif");
  }

  /** TensorBoard's event files. */
  get events(): string {
    return join(this.path, "tensorboard");
  }

  /** The sample grid of a step. */
  sample(step: number): string {
    return join(this.path, "samples", `step_${pad(step)}.png`);
  }

  /** The checkpoint of a step. */
  checkpoint(step: number): string {
    return join(this.path, "checkpoints", `step_${pad(step)}.safetensors`);
  }

  /** The state whose samples were judged nearest to photos. */
  get best(): string {
    return join(this.path, "checkpoints", "best.safetensors");
  }

  /** The steps of which there are sample grids, ascending. */
  sampleSteps(): Promise<number[]> {
    return stepsIn(join(this.path, "samples"), ".png");
  }

  /** The steps of which there are checkpoints, ascending. */
  checkpointSteps(): Promise<number[]> {
    return stepsIn(join(this.path, "checkpoints"), ".safetensors");
  }

  /**
   * The newest checkpoint.
   *
   * @throws {UserError} If there is none.
   */
  async lastCheckpoint(): Promise<string> {
    const step = (await this.checkpointSteps()).at(-1);
    if (step === undefined) throw new UserError(`${this.path} holds no checkpoint`);
    return this.checkpoint(step);
  }

  /** Whether a run has been here. */
  async exists(): Promise<boolean> {
    return await isThere(this.config) || (await this.checkpointSteps()).length > 0;
  }
}

/** The folder of a run whose checkpoint this is: the folder above `checkpoints`. */
export function folderOfCheckpoint(checkpoint: string): RunFolder {
  return new RunFolder(dirname(dirname(checkpoint)));
}

/** The runs in a folder, those with numbers first and in their order. */
export async function listRuns(parent = RUNS): Promise<RunFolder[]> {
  const runs: RunFolder[] = [];
  for (const name of await namesIn(parent)) {
    const run = new RunFolder(join(parent, name));
    if (await isThere(run.config)) runs.push(run);
  }
  const order = new Intl.Collator("en", { numeric: true });
  return runs.sort((a, b) => order.compare(a.path, b.path));
}

/**
 * The run that was worked on last.
 *
 * @throws {UserError} If there is none.
 */
export async function lastRun(parent = RUNS): Promise<RunFolder> {
  let newest: { run: RunFolder; time: number } | undefined;
  for (const run of await listRuns(parent)) {
    const { mtime } = await Deno.stat(run.config);
    const time = mtime?.getTime() ?? 0;
    if (!newest || time >= newest.time) newest = { run, time };
  }
  if (!newest) {
    throw new UserError(`there is no run in ${parent}: run \`${programName()} train\` first`);
  }
  return newest.run;
}

function pad(step: number): string {
  return String(step).padStart(7, "0");
}

async function stepsIn(folder: string, extension: string): Promise<number[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith(extension));
  const steps = names.map(stepOfFile).filter((step) => step !== undefined);
  return steps.sort((a, b) => a - b);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) {
      throw new UserError(`${folder} is a file, not a folder`);
    }
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
