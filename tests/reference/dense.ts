/**
 * The generator's first layer in float64. On a 1x1 picture a transposed 4x4 convolution is a matrix
 * product: noise [batch, inputs] times weights [inputs][tap][channels].
 *
 * @module
 */

/** The sizes of a matrix product [batch, inputs] x [inputs, outputs]. */
export interface DenseShape {
  /** Rows of the input and of the output. */
  readonly batch: number;
  /** Length of an input row. */
  readonly inputs: number;
  /** Length of an output row: 16 taps times the channels. */
  readonly outputs: number;
}

/** The product, [batch, outputs]. */
export function dense(
  x: ArrayLike<number>,
  weights: ArrayLike<number>,
  { batch, inputs, outputs }: DenseShape,
): Float64Array {
  const out = new Float64Array(batch * outputs);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) {
        out[b * outputs + j] += x[b * inputs + i] * weights[i * outputs + j];
      }
    }
  }
  return out;
}

/** The gradient of the weights, [inputs, outputs], from the gradient `dy` of the product. */
export function denseWeightGradient(
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  { batch, inputs, outputs }: DenseShape,
): Float64Array {
  const out = new Float64Array(inputs * outputs);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) {
        out[i * outputs + j] += x[b * inputs + i] * dy[b * outputs + j];
      }
    }
  }
  return out;
}
