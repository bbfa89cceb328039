/**
 * A generative adversarial network in the plane: two small perceptrons on the processor, trained by
 * a loss whose gradients come from wherever the caller has them.
 *
 * @module
 */

import { fillNormal, Purpose, uniform } from "../../random.ts";

/** The derivative of the mean loss of a batch with respect to each score. */
export type LossGradients = (
  scores: Float32Array,
  role: "discriminator" | "generator",
  of: "real" | "fake" | "target",
) => Promise<Float32Array>;

const HIDDEN = 32;
const SLOPE = 0.2;
const RATE = 2e-3;

/** A perceptron with two hidden layers and leaky rectifiers, and Adam. */
class Perceptron {
  readonly #sizes: readonly number[];
  readonly #weights: Float64Array[];
  readonly #gradients: Float64Array[];
  readonly #moments: [Float64Array, Float64Array][];
  #activations: Float64Array[] = [];
  #steps = 0;

  constructor(sizes: readonly number[], seed: number) {
    this.#sizes = sizes;
    this.#weights = sizes.slice(1).map((outputs, layer) => {
      const inputs = sizes[layer];
      const weights = new Float64Array((inputs + 1) * outputs); // the last row is the bias
      fillNormal(weights, seed, Purpose.Weights, layer);
      const scale = Math.sqrt(2 / inputs);
      for (let i = 0; i < weights.length; i++) weights[i] *= i < inputs * outputs ? scale : 0;
      return weights;
    });
    this.#gradients = this.#weights.map(({ length }) => new Float64Array(length));
    this.#moments = this.#weights.map(({ length }) => [
      new Float64Array(length),
      new Float64Array(length),
    ]);
  }

  /** Inputs [N, sizes[0]] to outputs [N, last]; what lies between is kept for the way back. */
  forward(inputs: Float64Array): Float64Array {
    this.#activations = [inputs];
    this.#weights.forEach((weights, layer) => {
      const [from, to] = [this.#sizes[layer], this.#sizes[layer + 1]];
      const x = this.#activations[layer];
      const count = x.length / from;
      const y = new Float64Array(count * to);
      const last = layer === this.#weights.length - 1;
      for (let n = 0; n < count; n++) {
        for (let o = 0; o < to; o++) {
          let sum = weights[from * to + o];
          for (let i = 0; i < from; i++) sum += x[n * from + i] * weights[i * to + o];
          y[n * to + o] = last || sum > 0 ? sum : SLOPE * sum;
        }
      }
      this.#activations.push(y);
    });
    return this.#activations.at(-1)!;
  }

  /** Adds to the gradients what those of the outputs give; returns those of the inputs. */
  backward(outputs: Float64Array): Float64Array {
    let dy = outputs;
    for (let layer = this.#weights.length - 1; layer >= 0; layer--) {
      const [from, to] = [this.#sizes[layer], this.#sizes[layer + 1]];
      const [x, weights, gradients] = [
        this.#activations[layer],
        this.#weights[layer],
        this.#gradients[layer],
      ];
      const count = x.length / from;
      const dx = new Float64Array(x.length);
      for (let n = 0; n < count; n++) {
        for (let o = 0; o < to; o++) {
          const d = dy[n * to + o];
          if (d === 0) continue;
          gradients[from * to + o] += d;
          for (let i = 0; i < from; i++) {
            gradients[i * to + o] += d * x[n * from + i];
            dx[n * from + i] += d * weights[i * to + o];
          }
        }
      }
      // The input of this layer came out of a rectifier, but for the first.
      if (layer > 0) { for (let i = 0; i < dx.length; i++) if (x[i] < 0) dx[i] *= SLOPE; }
      dy = dx;
    }
    return dy;
  }

  /** Adam's step, betas 0.5 and 0.999; the gradients start anew. */
  update(): void {
    this.#steps++;
    const [c1, c2] = [1 - 0.5 ** this.#steps, 1 - 0.999 ** this.#steps];
    this.#weights.forEach((weights, layer) => {
      const [m, v] = this.#moments[layer];
      const g = this.#gradients[layer];
      for (let i = 0; i < weights.length; i++) {
        m[i] = 0.5 * m[i] + 0.5 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        weights[i] -= RATE * (m[i] / c1) / (Math.sqrt(v[i] / c2) + 1e-8);
      }
      g.fill(0);
    });
  }

  /** Forgets gradients that were only passed through. */
  clear(): void {
    for (const g of this.#gradients) g.fill(0);
  }
}

/** Points of the ring of eight Gaussians, [count, 2]: radius 1, deviation 0.05. */
export function ringOfGaussians(count: number, step: number): Float64Array {
  const points = fillNormal(new Float64Array(2 * count), 1, Purpose.Samples, step);
  for (let n = 0; n < count; n++) {
    const angle = 2 * Math.PI * Math.floor(8 * uniform(1, Purpose.Shuffle, step, n)) / 8;
    points[2 * n] = Math.cos(angle) + 0.05 * points[2 * n];
    points[2 * n + 1] = Math.sin(angle) + 0.05 * points[2 * n + 1];
  }
  return points;
}

/** Generator and discriminator of points in the plane. */
export class PlaneGan {
  readonly #generator = new Perceptron([2, HIDDEN, HIDDEN, 2], 1);
  readonly #discriminator = new Perceptron([2, HIDDEN, HIDDEN, 1], 2);
  readonly #gradients: LossGradients;
  readonly #batch: number;
  /** Steps done. */
  steps = 0;

  /** Makes both networks. */
  constructor(gradients: LossGradients, batch: number) {
    this.#gradients = gradients;
    this.#batch = batch;
  }

  /** A step in the book's order; returns the points that the generator drew, [B, 2]. */
  async step(): Promise<Float64Array> {
    const noise = this.noise(this.steps);
    const real = ringOfGaussians(this.#batch, this.steps);
    const [G, D] = [this.#generator, this.#discriminator];
    const score = async (
      points: Float64Array,
      role: "discriminator" | "generator",
      of: "real" | "fake" | "target",
    ): Promise<Float64Array> => {
      const scores = Float32Array.from(D.forward(points));
      return D.backward(Float64Array.from(await this.#gradients(scores, role, of)));
    };
    await score(real, "discriminator", "real");
    const fake = G.forward(noise);
    await score(fake, "discriminator", "fake");
    D.update();
    const dFake = await score(fake, "generator", "target");
    D.clear();
    G.backward(dFake);
    G.update();
    this.steps++;
    return fake;
  }

  /** The noise of a step, [B, 2]. */
  noise(step: number): Float64Array {
    return fillNormal(new Float64Array(2 * this.#batch), 1, Purpose.Noise, step);
  }
}
