/**
 * The products that training does, and how often a step does each.
 *
 * @module
 */

import { IMAGE_CHANNELS } from "../model/architecture.ts";
import type { ConvShape, Product } from "../ops/conv/product.ts";

/** A product of a shape and how often a training step needs it. */
export interface Work {
  /** What is computed. */
  readonly product: Product;
  /** Its sizes. */
  readonly shape: ConvShape;
  /** Times a step. */
  readonly times: number;
}

/**
 * Both networks share four shapes. A step takes the discriminator forward three times and back
 * three times (the last time without its weights), the generator once each way.
 */
export function trainingWork(batch: number, width: number, half = false): Work[] {
  return [1, 2, 4, 8].flatMap((factor, i): Work[] => {
    const shape: ConvShape = {
      batch,
      height: 32 >> i,
      width: 32 >> i,
      big: i === 0 ? IMAGE_CHANNELS : factor * width / 2,
      small: factor * width,
      half,
    };
    return [
      { product: "down", shape, times: 4 },
      // The pictures' own gradient is needed only when the generator learns.
      { product: "up", shape, times: i === 0 ? 2 : 4 },
      { product: "weight gradient", shape, times: 3 },
    ];
  });
}
