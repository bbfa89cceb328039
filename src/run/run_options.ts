/**
 * A run's settings as options, and what a resume changes of them.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import { LOSSES } from "../ops/loss_table.ts";
import type { TrainSettings } from "../train/settings.ts";
import type { RunConfig } from "./run_config.ts";

/** A trainer's settings as `--config` takes them. */
export function settingsAsOptions(settings: TrainSettings): Record<string, unknown> {
  const { labels, beta1, beta2, lrD, normD, diffAugment, instanceNoise, ...rest } = settings;
  return {
    ...rest,
    // Those of the loss are left out, so that `--config` with another loss gets that one's.
    ...(isDeepStrictEqual(labels, LOSSES[settings.loss].labels)
      ? {}
      : { labels: [labels.real, labels.fake, labels.target] }),
    betas: [beta1, beta2],
    "lr-d": lrD,
    "norm-d": normD,
    "diff-augment": diffAugment,
    "instance-noise": instanceNoise,
  };
}

/** The options of a run as they were in force, also those that older versions left to the preset. */
export function optionsInForce(
  { options, train }: Pick<RunConfig, "options" | "train">,
): Readonly<Record<string, unknown>> {
  return { ...settingsAsOptions(train), ...options };
}

/** Options that decide what is computed, beside the settings: how photos become batches. */
const OF_PHOTOS = ["crop", "trim-border", "min-intact", "augment", "holdout", "facades"];

/** Which options of those that decide what is computed a resume changes; undefined if none. */
export function changedOptions(
  before: Pick<RunConfig, "options" | "train">,
  now: Pick<RunConfig, "options" | "train">,
): string | undefined {
  const [was, is] = [optionsInForce(before), optionsInForce(now)];
  const names = [...Object.keys(settingsAsOptions(now.train)), ...OF_PHOTOS];
  const changed = names.filter((name) =>
    was[name] !== undefined && !isDeepStrictEqual(was[name], is[name])
  );
  if (changed.length === 0) return undefined;
  return changed.map((name) => `${name} ${is[name]} instead of ${was[name]}`).join(", ");
}
