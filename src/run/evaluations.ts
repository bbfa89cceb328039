/**
 * evaluations.jsonl: what a run's samples were judged, one JSON object a step that they were judged at.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { whyUnreadable } from "../files/read_error.ts";
import type { Judgement } from "../judge/judge.ts";
import type { RunFolder } from "./folder.ts";

/** A judgement of the weights after so many steps. */
export interface Evaluation extends Judgement {
  /** Steps done. */
  readonly step: number;
}

/**
 * Reads a run's evaluations, ascending; a damaged line is left out.
 *
 * @throws {UserError} If the file is there but cannot be read.
 */
export async function readEvaluations(folder: RunFolder): Promise<Evaluation[]> {
  const text = await Deno.readTextFile(folder.evaluations).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw new UserError(`${folder.evaluations} cannot be read: ${whyUnreadable(error)}`);
  });
  const all = text.split("\n").map(fromLine).filter((one) => one !== undefined);
  return all.sort((a, b) => a.step - b.step);
}

/** The evaluation of a line; undefined where it is damaged. */
function fromLine(line: string): Evaluation | undefined {
  try {
    const one = JSON.parse(line);
    const { step, swd, floor, ms_ssim, memorised, samples } = one;
    const numbers = [...Object.values(swd), swd.avg, floor, ms_ssim, memorised, samples];
    const whole = Number.isSafeInteger(step) && step >= 0 &&
      numbers.every((number) => typeof number === "number");
    return whole ? one : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Adds an evaluation; an older one of the same step gives way.
 *
 * @throws {UserError} If the file cannot be written.
 */
export async function addEvaluation(folder: RunFolder, evaluation: Evaluation): Promise<void> {
  const others = (await readEvaluations(folder)).filter(({ step }) => step !== evaluation.step);
  await writeEvaluations(folder, [...others, evaluation].sort((a, b) => a.step - b.step));
}

/** Drops evaluations of steps after one: a resumed run makes them anew. */
export async function dropEvaluationsAfter(folder: RunFolder, step: number): Promise<void> {
  const all = await readEvaluations(folder);
  const kept = all.filter((evaluation) => evaluation.step <= step);
  if (kept.length < all.length) await writeEvaluations(folder, kept);
}

async function writeEvaluations(folder: RunFolder, all: readonly Evaluation[]): Promise<void> {
  const lines = all.map((one) => `${JSON.stringify(one)}\n`).join("");
  await writeFileAtomic(folder.evaluations, lines);
}
