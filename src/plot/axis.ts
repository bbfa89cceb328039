/**
 * Choosing an axis: a range that shows the curves, and round numbers to label it with.
 *
 * @module
 */

/** The values an axis spans and those it labels. */
export interface Axis {
  /** The value at the axis's start. */
  readonly min: number;
  /** The value at its end. */
  readonly max: number;
  /** The labelled values, ascending. */
  readonly ticks: readonly number[];
}

/** An axis whose ends fall on ticks of 1, 2 or 5 times a power of ten, about `count` of them. */
export function niceAxis(min: number, max: number, count: number): Axis {
  if (!(max > min)) {
    const half = Math.abs(min) > 0 ? Math.abs(min) / 2 : 0.5;
    [min, max] = [min - half, min + half];
  }
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { min: first * step, max: last * step, ticks };
}

/** The range that holds all values but the wildest of each end (one in 200). */
export function robustRange(values: Iterable<number>): [number, number] {
  const sorted = Float64Array.from([...values].filter(Number.isFinite)).sort();
  if (sorted.length === 0) return [0, 1];
  const cut = Math.floor(sorted.length / 200);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

/** A tick's label: 12000 as 12k, no trailing zeros. */
export function formatTick(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(6))}M`;
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(6))}k`;
  return String(Number(value.toPrecision(6)));
}
