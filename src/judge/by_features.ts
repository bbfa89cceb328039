/**
 * Judging samples by the features of a network.
 *
 * @module
 */

import { loadEigenvalues } from "../deps/ml_matrix.ts";
import type { Features } from "../quality/features.ts";
import { frechetDistance } from "../quality/frechet_distance.ts";
import { kernelDistance } from "../quality/kernel_distance.ts";
import type { PictureSet } from "../quality/picture_set.ts";
import type { FeatureNetwork } from "./feature_network.ts";
import type { JudgePhotos } from "./judge.ts";

/** What is found. */
export interface FeatureJudgement {
  /** Kernel Inception distance to the reference, times 1,000. */
  readonly kid: number;
  /** That between photos trained on and the reference; null where there are none apart. */
  readonly kid_floor: number | null;
  /** Fréchet Inception distance to the reference. */
  readonly fid: number;
  /** That between photos trained on and the reference; null where there are none apart. */
  readonly fid_floor: number | null;
  /** Numbers that the network says of a picture. */
  readonly features: number;
}

/**
 * Judges samples.
 *
 * @throws {UserError} If the network fails on them, or there are fewer than two pictures of a kind.
 */
export async function judgeByFeatures(
  network: FeatureNetwork,
  { reference, training }: JudgePhotos,
  samples: PictureSet,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<FeatureJudgement> {
  const eigenvalues = await loadEigenvalues();
  const sets = training ? [reference, samples, training] : [reference, samples];
  const all = sets.reduce((sum, { count }) => sum + count, 0);
  const found: Features[] = [];
  let before = 0;
  for (const set of sets) {
    found.push(await network.featuresOf(set, (done) => onProgress(before + done, all)));
    before += set.count;
  }
  const [real, drawn, seen] = found;
  return {
    kid: 1000 * kernelDistance(drawn, real),
    kid_floor: seen ? 1000 * kernelDistance(seen, real) : null,
    fid: frechetDistance(drawn, real, eigenvalues),
    fid_floor: seen ? frechetDistance(seen, real, eigenvalues) : null,
    features: real.length,
  };
}
