/**
 * Progress in words and numbers.
 *
 * @module
 */

import type { Progress } from "../../data/mod.ts";
import { formatSeconds } from "../../run/report.ts";
import type { TrainingProgress } from "./reporter.ts";

/** Long work on one line: `decoding: 120 of 400 photos, 85/s, 4 s left`. */
export function formatWork({ what, done, total, unit, rate, eta }: Progress): string {
  const amount = (n: number): string => unit === "bytes" ? `${(n / 1e6).toFixed(1)} MB` : String(n);
  const count = total > 0 ? `${amount(done)} of ${amount(total)}` : amount(done);
  const speed = rate > 0 ? `, ${unit === "bytes" ? amount(rate) : rate.toFixed(0)}/s` : "";
  const left = Number.isFinite(eta) && done < total ? `, ${formatSeconds(eta)} left` : "";
  return `${what}: ${count}${unit === "bytes" ? "" : ` ${unit}`}${speed}${left}`;
}

/** The pace: `2.10 steps/s, 34 photos/s, 3 min 10 s left`. */
export function formatPace(
  { stepsPerSecond, imagesPerSecond, secondsLeft }: TrainingProgress,
): string {
  if (!(stepsPerSecond > 0)) return "measuring";
  const steps = stepsPerSecond.toPrecision(3);
  return `${steps} steps/s, ${imagesPerSecond.toFixed(0)} photos/s, ${
    formatSeconds(secondsLeft)
  } left`;
}

/** The metrics: `errD 0.312  errG 0.845  D(x) 0.78  D(G(z)) 0.21 -> 0.15`. */
export function formatMetrics({ metrics }: TrainingProgress): string {
  const { errD, errG, D_x, D_G_z1, D_G_z2 } = metrics;
  return `errD ${errD.toFixed(3)}  errG ${errG.toFixed(3)}  D(x) ${D_x.toFixed(2)}  ` +
    `D(G(z)) ${D_G_z1.toFixed(2)} -> ${D_G_z2.toFixed(2)}`;
}

/** What is waited for: `waiting for photos 1%, for the GPU 96%`. */
export function formatWaits({ waitingForPhotos, waitingForGpu }: TrainingProgress): string {
  const percent = (share: number): string => `${Math.round(100 * share)}%`;
  return `waiting for photos ${percent(waitingForPhotos)}, for the GPU ${percent(waitingForGpu)}`;
}

/** A bar of some characters, a share of it filled. */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}
