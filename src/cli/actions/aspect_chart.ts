/**
 * The shapes of a folder's pictures as a little chart of bars.
 *
 * @module
 */

/** What shapes are called, and the width over height below which they are that. */
const SHAPES: readonly (readonly [name: string, below: number])[] = [
  ["taller than 1:2", 0.5],
  ["1:2 to 2:3", 2 / 3],
  ["2:3 to 9:10", 0.9],
  ["about square", 10 / 9],
  ["10:9 to 3:2", 1.5],
  ["3:2 to 2:1", 2],
  ["2:1 and wider", Infinity],
];

const BAR = 40;

/** Pictures of each shape, the tall ones first, from how many there are of each size: `"640x480": 3`. */
export function countShapes(sizes: Readonly<Record<string, number>>): Record<string, number> {
  const counts = SHAPES.map(() => 0);
  for (const [size, count] of Object.entries(sizes)) {
    const [width, height] = size.split("x").map(Number);
    counts[SHAPES.findIndex(([, below]) => width / height < below)] += count;
  }
  return Object.fromEntries(SHAPES.map(([name], i) => [name, counts[i]]));
}

/** A line a shape, from the first to the last that there is: its name, a bar, how many. */
export function drawShapes(shapes: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(shapes);
  const there = ([, count]: readonly [string, number]): boolean => count > 0;
  const most = Math.max(...rows.map(([, count]) => count));
  return rows.slice(rows.findIndex(there), rows.findLastIndex(there) + 1).map(([name, count]) => {
    // The rarest shape still shows.
    const length = count > 0 ? Math.max(1, Math.round(BAR * count / most)) : 0;
    return `  ${name.padEnd(16)}${"█".repeat(length)} ${count}`;
  });
}
