/**
 * Minimal filtering after Toom, Cook and Winograd: m outputs of an r-tap correlation from m + r - 1
 * products instead of m * r (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
 * CVPR 2016; the matrices by Lagrange interpolation).
 *
 * @module
 */

/** y = A ((G g) * (B d)) for inputs d [m + r - 1], taps g [r], outputs y [m]. */
export interface MinimalFilter {
  /** A, [outputs][products]. */
  readonly output: readonly (readonly number[])[];
  /** G, [products][taps]. */
  readonly taps: readonly (readonly number[])[];
  /** B, [products][inputs]; as many inputs as products. */
  readonly input: readonly (readonly number[])[];
  /** How many products. */
  readonly products: number;
}

/** Points to interpolate at, the best conditioned first; the last point is infinity. */
const POINTS = [0, 1, -1, 2, -2];

/** The filter F(m, r). */
export function minimalFilter(m: number, r: number): MinimalFilter {
  const products = m + r - 1;
  const points = POINTS.slice(0, products - 1);
  const others = (j: number) => points.filter((_, l) => l !== j);
  const scale = points.map((a, j) => others(j).reduce((product, b) => product * (a - b), 1));
  const powers = (a: number, count: number) => Array.from({ length: count }, (_, i) => a ** i);
  const last = (count: number) => powers(0, count).reverse(); // infinity sees the highest power
  const outputRow = (i: number) => [...points.map((a) => a ** i), i === m - 1 ? 1 : 0];
  return {
    output: Array.from({ length: m }, (_, i) => outputRow(i)),
    taps: [...points.map((a, j) => powers(a, r).map((p) => p / scale[j])), last(r)],
    input: [
      ...points.map((_, j) => pad(polynomial(others(j)), products)),
      polynomial(points),
    ],
    products,
  };
}

/** Coefficients of (x - a)(x - b)..., the constant first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce(
    (p, root) => [...p, 0].map((_, i) => (p[i - 1] ?? 0) - root * (p[i] ?? 0)),
    [1],
  );
}

function pad(row: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => row[i] ?? 0);
}

/** WGSL for the sum of `row[i]` times the vector named `name(i)`. */
export function combination(row: readonly number[], name: (i: number) => string): string {
  const terms = row.flatMap((factor, i) => {
    if (factor === 0) return [];
    const size = Math.abs(factor);
    const number = Number.isInteger(size) ? `${size}.0` : String(size);
    return [`${factor < 0 ? "-" : "+"} ${size === 1 ? "" : `${number} * `}${name(i)}`];
  });
  const text = terms.join(" ");
  return text.startsWith("+ ") ? text.slice(2) : text;
}
