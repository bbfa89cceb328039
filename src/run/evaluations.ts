/**
 * evaluations.jsonl: what a run's samples were judged, one JSON object a step that they were judged at.
 *
 * @module
 */

import { writeFileAtomic } from "../files/atomic.ts";
import type { Judgement } from "../judge/judge.ts";
import type { RunFolder } from "./folder.ts";

/** A judgement of the weights after so many steps. */
export interface Evaluation extends Judgement {
  /** Steps done. */
  readonly step: number;
}

/** Reads a run's evaluations, ascending, up to the first line that is not whole. */
export async function readEvaluations(folder: RunFolder): Promise<Evaluation[]> {
  const text = await Deno.readTextFile(folder.evaluations).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const all: Evaluation[] = [];
  for (const line of text.split("\n")) {
    try {
      if (line !== "") all.push(JSON.parse(line));
    } catch {
      break;
    }
  }
  return all.sort((a, b) => a.step - b.step);
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
