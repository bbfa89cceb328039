/**
 * What the torture found, as the table of docs/reliability.md.
 *
 * @module
 */

/** What came of trying one fault. */
export interface Tried {
  readonly name: string;
  readonly fault: string;
  readonly happens: string;
  /** Trials at dose 1. */
  readonly full: number;
  /** Trials. */
  readonly tried: number;
  /** How they ended, and how many did. */
  readonly endings: Readonly<Record<string, number>>;
  /** What was lost, a line each. */
  readonly lost: readonly string[];
  /** Figures worth reading. */
  readonly measured: readonly string[];
  readonly seconds: number;
  /** Why it was not tried. */
  readonly unable?: string;
}

const HEAD = ["fault", "what happens", "tried", "how it ended", "lost"];

/** A Markdown table. */
export function table(results: readonly Tried[]): string {
  return markdown(results.map(row));
}

function row({ fault, happens, full, tried, endings, lost, measured, unable }: Tried): string[] {
  return [
    fault,
    happens,
    unable
      ? `not tried: ${unable}`
      : tried === full
      ? grouped(tried)
      : `${grouped(tried)} of ${grouped(full)}`,
    [
      ...Object.entries(endings).map(([how, count]) => `${how}: ${grouped(count)}`),
      ...measured,
    ].join("; "),
    unable ? "–" : lost.length === 0 ? "nothing" : grouped(lost.length),
  ];
}

function markdown(rows: readonly string[][]): string {
  return [HEAD, HEAD.map(() => "---"), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

const [BEGIN, END] = ["<!-- torture -->", "<!-- /torture -->"];

/**
 * Puts the table into a page, between its two marks; rows of faults that were not tried now stay.
 * `faults` are those there are, in the order of their rows.
 */
export async function intoPage(
  path: string,
  results: readonly Tried[],
  faults: readonly Pick<Tried, "fault">[],
): Promise<void> {
  const page = await Deno.readTextFile(path);
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} has no ${BEGIN} … ${END}`);
  const before = page.slice(0, from + BEGIN.length);
  const old = page.slice(from, to).split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()))
    .map((cells) => cells.map((cell) => cell.replaceAll("\\|", "|")));
  const rows = faults.flatMap(({ fault }) => {
    const tried = results.find((one) => one.fault === fault);
    return tried ? [row(tried)] : old.filter(([first]) => first === fault);
  });
  await Deno.writeTextFile(path, `${before}\n\n${markdown(rows)}\n\n${page.slice(to)}`);
}

function grouped(number: number): string {
  return number.toLocaleString("en");
}
