/**
 * Watching a run for the four ways in which training such networks goes wrong.
 *
 * @module
 */

import { type Labels, LOSSES, type LossName } from "../ops/loss_table.ts";
import type { StepMetrics } from "./metrics.ts";
import { Smoother } from "./smooth.ts";

/** Something that has gone wrong. */
export interface Warning {
  /** What it is. */
  readonly kind: "discriminator-won" | "mode-collapse" | "diverged" | "not-a-number";
  /** What it means and what to try, in plain words. */
  readonly message: string;
}

/**
 * Losses beyond this are no training any more. A mean of squared distances to labels near 1, or of
 * logarithms of a sigmoid, is a few units; single steps reach hundreds.
 */
const DIVERGED = 1e4;

/** Watches metrics and samples; each warning is given once until its cause has gone. */
export class HealthWatch {
  readonly #expected: { readonly photo: number; readonly picture: number };
  readonly #photo: Smoother;
  readonly #picture: Smoother;
  readonly #patience: number;
  readonly #magnitude = new Smoother(5);
  #separatedFor = 0;
  #mostDiverse = 0;
  readonly #warned = new Set<Warning["kind"]>();

  /** Watches a run with this loss; `patience` is how many steps scores must stay apart. */
  constructor(
    { loss, labels }: { readonly loss: LossName; readonly labels: Labels },
    patience = 200,
  ) {
    this.#expected = LOSSES[loss].certain(labels);
    this.#patience = patience;
    this.#photo = new Smoother(patience / 4);
    this.#picture = new Smoother(patience / 4);
  }

  /** Takes the metrics of a step. */
  step({ step, errD, errG, D_x, D_G_z1, D_G_z2 }: StepMetrics): Warning | undefined {
    if (![errD, errG, D_x, D_G_z1, D_G_z2].every(Number.isFinite)) {
      return this.#once(
        "not-a-number",
        `At step ${step} the losses stopped being numbers (NaN): the weights are spoilt and will ` +
          "not recover. Go on from an earlier checkpoint with a smaller `lr`.",
      );
    }
    // Smoothed as a logarithm, so that one wild step is not taken for the end.
    const loss = 10 ** this.#magnitude.add(Math.log10(Math.max(1, Math.abs(errD), Math.abs(errG))));
    if (loss < DIVERGED / 10) this.#warned.delete("diverged");
    if (loss > DIVERGED) {
      return this.#once(
        "diverged",
        `Divergence: at step ${step} the losses have grown to ${
          loss.toExponential(0)
        }, where they ` +
          "are a few units as long as training works; what is drawn from here on is worth nothing. " +
          "Go on from an earlier checkpoint, or begin anew, with a smaller `lr`.",
      );
    }
    const { photo, picture } = this.#expected;
    const apart = (this.#photo.add(D_x) - this.#picture.add(D_G_z1)) / (photo - picture || 1);
    this.#separatedFor = apart > 0.92 ? this.#separatedFor + 1 : 0;
    if (apart < 0.8) this.#warned.delete("discriminator-won");
    if (this.#separatedFor < this.#patience) return undefined;
    return this.#once(
      "discriminator-won",
      `The discriminator has won: for ${this.#separatedFor} steps it has told photos (score ` +
        `${this.#photo.value.toFixed(2)}) and pictures (${this.#picture.value.toFixed(2)}) apart ` +
        "almost perfectly, so the generator hardly learns from it. If the samples no longer get " +
        "better, try more photos, a smaller `lr` or another `seed`.",
    );
  }

  /** Says that weights are no numbers, where the losses have not shown it. */
  weights(step: number): Warning | undefined {
    return this.#once(
      "not-a-number",
      `By step ${step} weights stopped being numbers (NaN or infinity) and will not recover. Go on ` +
        "from an earlier checkpoint with a smaller `lr`.",
    );
  }

  /** Takes the fixed samples of a step, [N, 3, size, size]. */
  samples(step: number, images: Float32Array, count: number): Warning | undefined {
    const diversity = sampleDiversity(images, count);
    this.#mostDiverse = Math.max(this.#mostDiverse, diversity);
    if (diversity > 0.6 * this.#mostDiverse) this.#warned.delete("mode-collapse");
    if (!(count > 1 && diversity < 0.4 * this.#mostDiverse)) return undefined;
    const percent = Math.round(100 * diversity / this.#mostDiverse);
    return this.#once(
      "mode-collapse",
      `Mode collapse: at step ${step} the samples differ from each other only ${percent}% as much ` +
        "as they did at best, so the generator draws nearly the same picture from any noise. It " +
        "may recover; if not, go on from an earlier checkpoint or try a smaller `lr`.",
    );
  }

  #once(kind: Warning["kind"], message: string): Warning | undefined {
    if (this.#warned.has(kind)) return undefined;
    this.#warned.add(kind);
    return { kind, message };
  }
}

/** How much pictures differ: the standard deviation over them, averaged over all pixels. */
export function sampleDiversity(images: Float32Array, count: number): number {
  const size = images.length / count;
  let total = 0;
  for (let pixel = 0; pixel < size; pixel++) {
    let [sum, squares] = [0, 0];
    for (let image = 0; image < count; image++) {
      const value = images[image * size + pixel];
      sum += value;
      squares += value * value;
    }
    total += Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  }
  return total / size;
}
