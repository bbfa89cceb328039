/**
 * Spectral normalisation in float64 (Miyato et al., ICLR 2018), as PyTorch's
 * `parametrizations.spectral_norm` computes it. A matrix lies as [k][s], the transpose of PyTorch's.
 *
 * @module
 */

/** The singular vectors of a matrix, and what it is divided by. */
export interface Singular {
  /** [s]. */
  readonly u: Float64Array;
  /** [k]. */
  readonly v: Float64Array;
}

/** One power iteration, in place: u = v W made a unit vector, then v = W u made one. */
export function iterate(weight: ArrayLike<number>, { u, v }: Singular): void {
  u.fill(0);
  for (let k = 0; k < v.length; k++) {
    for (let s = 0; s < u.length; s++) u[s] += v[k] * weight[k * u.length + s];
  }
  makeUnit(u);
  v.fill(0);
  for (let k = 0; k < v.length; k++) {
    for (let s = 0; s < u.length; s++) v[k] += weight[k * u.length + s] * u[s];
  }
  makeUnit(v);
}

/** v W u: the largest singular value, once the vectors are those. */
export function sigmaOf(weight: ArrayLike<number>, { u, v }: Singular): number {
  let sigma = 0;
  for (let k = 0; k < v.length; k++) {
    for (let s = 0; s < u.length; s++) sigma += v[k] * weight[k * u.length + s] * u[s];
  }
  return sigma;
}

/** The matrix divided by that. */
export function normalise(weight: ArrayLike<number>, singular: Singular): Float64Array {
  const sigma = sigmaOf(weight, singular);
  return Float64Array.from(weight, (w) => w / sigma);
}

/**
 * The gradient by the matrix from `gradient`, that by the divided one; the vectors are constants. By
 * the quotient rule, element by element: d(w / sigma) = dw / sigma - w dsigma / sigma^2.
 */
export function normaliseBackward(
  gradient: ArrayLike<number>,
  weight: ArrayLike<number>,
  singular: Singular,
): Float64Array {
  const { u, v } = singular;
  const sigma = sigmaOf(weight, singular);
  let bySigma = 0;
  for (let i = 0; i < weight.length; i++) bySigma -= gradient[i] * weight[i] / sigma ** 2;
  return Float64Array.from(
    gradient,
    (g, i) => g / sigma + bySigma * v[Math.floor(i / u.length)] * u[i % u.length],
  );
}

function makeUnit(vector: Float64Array): void {
  let square = 0;
  for (const x of vector) square += x * x;
  const norm = Math.max(Math.sqrt(square), 1e-12);
  for (let i = 0; i < vector.length; i++) vector[i] /= norm;
}
