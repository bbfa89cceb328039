/**
 * ml-matrix (npm): eigenvalues, for the Fréchet distance. Loaded when that is asked
 * for (locked_apart.ts).
 *
 * @module
 */

import { importApart } from "./locked_apart.ts";

interface MlMatrix {
  readonly Matrix: new (rows: readonly ArrayLike<number>[]) => unknown;
  readonly EigenvalueDecomposition: new (
    matrix: unknown,
    options: { readonly assumeSymmetric: true },
  ) => { readonly realEigenvalues: number[] };
}

const ML_MATRIX = "npm:ml-matrix@6.15.1";

/** Loads it: the eigenvalues of a symmetric matrix, given row by row. */
export async function loadEigenvalues(): Promise<
  (rows: readonly Float64Array[]) => readonly number[]
> {
  const { Matrix, EigenvalueDecomposition } = await importApart<MlMatrix>(ML_MATRIX);
  return (rows) =>
    new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true }).realEigenvalues;
}
