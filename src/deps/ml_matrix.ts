/**
 * ml-matrix (npm): eigenvalues, for the Fréchet distance. Loaded and locked as onnxruntime.ts is, with
 * which it is used.
 *
 * @module
 */

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
  const { Matrix, EigenvalueDecomposition } = await import(ML_MATRIX) as MlMatrix;
  return (rows) =>
    new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true }).realEigenvalues;
}
