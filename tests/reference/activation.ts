/**
 * The activations in float64. Each has a derivative that its own output tells, so no layer has to
 * keep what went in.
 *
 * @module
 */

/** `leaky` is LeakyReLU with slope 0.2. */
export type Activation = "relu" | "leaky" | "tanh";

/** Slope of `leaky` below zero. */
export const LEAKY_SLOPE = 0.2;

/** The activation of every element. */
export function activate(x: ArrayLike<number>, kind: Activation): Float64Array {
  return Float64Array.from(x, (value) => {
    if (kind === "tanh") return Math.tanh(value);
    return value > 0 ? value : kind === "relu" ? 0 : LEAKY_SLOPE * value;
  });
}

/**
 * The gradient of the activation's input, from the gradient `dy` of its output `y`. At zero the two
 * rectifiers take the slope of the negative side, as PyTorch does.
 */
export function activationGradient(
  dy: ArrayLike<number>,
  y: ArrayLike<number>,
  kind: Activation,
): Float64Array {
  return Float64Array.from(dy, (value, i) => {
    if (kind === "tanh") return value * (1 - y[i] * y[i]);
    return y[i] > 0 ? value : kind === "relu" ? 0 : LEAKY_SLOPE * value;
  });
}
