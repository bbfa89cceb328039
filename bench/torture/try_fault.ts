/**
 * Trying one fault: the folder, the counting, and what becomes of a trial that throws.
 *
 * @module
 */

import type { Fault } from "./fault.ts";
import type { Tried } from "./table.ts";

/** Tries one fault; `progress` is told how far it is. */
export async function tryFault(
  fault: Fault,
  { dose, seed, progress }: {
    readonly dose: number;
    readonly seed: number;
    readonly progress?: (done: number, count: number) => void;
  },
): Promise<Tried> {
  const { name, full, least = 1 } = fault;
  const asked = Math.min(full, Math.max(least, Math.round(full * dose)));
  const started = performance.now();
  const result = (rest: Partial<Tried>): Tried => ({
    name,
    fault: fault.fault,
    happens: fault.happens,
    full,
    tried: 0,
    endings: {},
    lost: [],
    measured: [],
    seconds: Math.round((performance.now() - started) / 100) / 10,
    ...rest,
  });
  const unable = await fault.unable?.();
  if (unable !== undefined) return result({ unable });
  const folder = await Deno.makeTempDir({ prefix: "torture-" });
  let tried = 0;
  const endings: Record<string, number> = {};
  const [lost, measured]: [string[], string[]] = [[], []];
  try {
    await fault.run({
      count: asked,
      seed,
      folder,
      ended(how, what) {
        tried++;
        endings[how] = (endings[how] ?? 0) + 1;
        if (what !== undefined) lost.push(`${how}: ${what}`);
        progress?.(tried, asked);
      },
      measured: (what) => measured.push(what),
    });
    if (tried < asked) lost.push(`only ${tried} of ${asked} trials came to an end`);
  } catch (error) {
    lost.push(`trial ${tried} ended the torture: ${(error as Error).stack}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return result({ tried, endings, lost, measured });
}
