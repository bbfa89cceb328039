/**
 * Fréchet Inception distance: that between the two normal distributions which have the means and
 * covariances of two sets of features (Heusel et al., "GANs Trained by a Two Time-Scale Update Rule
 * Converge to a Local Nash Equilibrium", NeurIPS 2017, section 2):
 *
 *     |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^(1/2))
 *
 * With few pictures it comes out too large, the more so the fewer they are (Bińkowski et al. 2018,
 * appendix D): the kernel distance is the one to trust on a few hundred.
 *
 * @module
 */

import { dot } from "./dot.ts";
import { checkFeatures, type Features, rowsOf } from "./features.ts";

/** Finds the eigenvalues of a symmetric matrix, given row by row. */
export type Eigenvalues = (rows: readonly Float64Array[]) => readonly number[];

/**
 * The distance.
 *
 * @throws {UserError} If features differ in length, or there are fewer than two of a set.
 */
export function frechetDistance(a: Features, b: Features, eigenvalues: Eigenvalues): number {
  checkFeatures(a, b);
  const [first, second] = [centred(a), centred(b)];
  const apart = first.mean.reduce((sum, mean, k) => sum + (mean - second.mean[k]) ** 2, 0);
  return apart + first.variance + second.variance -
    2 * traceOfRoot(first.features, second.features, eigenvalues);
}

/** The features less their mean, that mean, and the sum of their variances: the covariance's trace. */
function centred({ count, length, data }: Features) {
  const mean = new Float64Array(length);
  data.forEach((value, i) => mean[i % length] += value / count);
  const features = { count, length, data: data.map((value, i) => value - mean[i % length]) };
  const variance = features.data.reduce((sum, value) => sum + value * value, 0) / (count - 1);
  return { mean, features, variance };
}

/**
 * tr((C1 C2)^(1/2)) is the sum of the singular values of A Bᵀ / sqrt((n-1)(m-1)), where A [n, length]
 * and B [m, length] hold the centred features: the eigenvalues of C1 C2 but for zeros are those of
 * A Bᵀ (A Bᵀ)ᵀ. So a few hundred pictures need a matrix of a few hundred rows, however long features are.
 */
function traceOfRoot(a: Features, b: Features, eigenvalues: Eigenvalues): number {
  const [fewer, more] = a.count <= b.count ? [rowsOf(a), rowsOf(b)] : [rowsOf(b), rowsOf(a)];
  const rows = fewer.map((x) => Float64Array.from(more, (y) => dot(x, y)));
  const gram = rows.map((x) => Float64Array.from(rows, (y) => dot(x, y)));
  const scale = (a.count - 1) * (b.count - 1);
  return eigenvalues(gram).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value) / scale), 0);
}
