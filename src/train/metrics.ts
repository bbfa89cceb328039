/**
 * The five numbers the book prints for every step.
 *
 * @module
 */

/** What a step measured, before its updates unless said otherwise. */
export interface StepMetrics {
  /** The step's number, from 0. */
  readonly step: number;
  /** The discriminator's loss: its part on photos plus its part on generated pictures. */
  readonly errD: number;
  /** The generator's loss, from the updated discriminator. */
  readonly errG: number;
  /** Mean score of the photos (through the sigmoid with cross-entropy). */
  readonly D_x: number;
  /** Mean score of the generated pictures before the discriminator's update. */
  readonly D_G_z1: number;
  /** Mean score of the same pictures after it. */
  readonly D_G_z2: number;
}
