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

let nearestKink = Infinity;

/**
 * How near to its kink a rectifier's input has come since this was asked last, as a share of the inputs'
 * root mean square. Within rounding of it, two right programs may take different sides.
 */
export function takeNearestKink(): number {
  const nearest = nearestKink;
  nearestKink = Infinity;
  return nearest;
}

function noteKink(x: ArrayLike<number>): void {
  let [least, squares] = [Infinity, 0];
  for (let i = 0; i < x.length; i++) {
    least = Math.min(least, Math.abs(x[i]));
    squares += x[i] * x[i];
  }
  nearestKink = Math.min(nearestKink, least / Math.sqrt(squares / x.length));
}

/** The activation of every element. */
export function activate(x: ArrayLike<number>, kind: Activation): Float64Array {
  if (kind !== "tanh") noteKink(x);
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
