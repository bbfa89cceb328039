/**
 * What a comparison leaves: compare.html, compare.png and compare.json.
 *
 * @module
 */

import { join } from "node:path";
import { renderSvg } from "../deps/resvg.ts";
import { writeFileAtomic } from "../files/atomic.ts";
import { comparisonFigure } from "./figure.ts";
import type { Variant } from "./gather.ts";
import { comparisonJson, comparisonPage } from "./page.ts";

/** Writes a comparison's files into a folder; gives their paths. */
export async function writeComparison(
  folder: string,
  variants: readonly Variant[],
  notes: readonly string[],
): Promise<string[]> {
  const seeds = [...new Set(variants.flatMap(({ runs }) => runs.map(({ seed }) => seed)))];
  const figures = await Promise.all(seeds.map((seed) => comparisonFigure(variants, seed)));
  const json = { ...comparisonJson(variants), notes };
  const files: [string, string | Uint8Array][] = [
    ["compare.html", comparisonPage(variants, figures, notes)],
    ["compare.png", await renderSvg(figures[0])],
    ["compare.json", `${JSON.stringify(json, null, 2)}\n`],
  ];
  for (const [name, content] of files) await writeFileAtomic(join(folder, name), content);
  return files.map(([name]) => join(folder, name));
}
