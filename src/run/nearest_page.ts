/**
 * A page that shows samples beside the photos they are most like.
 *
 * @module
 */

import { makeGrid, type RgbImage } from "../image/image.ts";
import { encodePng } from "../image/png_encoder.ts";
import { escapeXml } from "../plot/svg.ts";
import type { FullJudgement } from "../judge/judge.ts";
import type { NamedJudgePhotos } from "../judge/photos.ts";
import { pictureAt, type PictureSet } from "../quality/picture_set.ts";
import { pngUrl, renderPage, section } from "./page.ts";

/** Pairs that a page shows: the most alike first, so what it leaves out is less alike. */
const PAIRS = 60;

/** What {@linkcode renderNearest} shows. */
export interface NearestPage {
  /** What drew the samples, in words. */
  readonly title: string;
  /** The samples. */
  readonly samples: PictureSet;
  /** The photos they were judged by. */
  readonly photos: NamedJudgePhotos;
  /** What was found. */
  readonly found: FullJudgement;
}

/** The page: each sample with its nearest training photo, the most alike first. */
export function renderNearest({ title, samples, photos, found }: NearestPage): string {
  const seen = photos.training ?? photos.reference;
  const { judgement: { swd, floor, ms_ssim, memorised }, memorisedAbove: above } = found;
  const order = found.nearest.map((nearest, sample) => ({ ...nearest, sample }))
    .sort((a, b) => b.similarity - a.similarity);
  const shown = order.slice(0, PAIRS);
  const count = order.filter(({ similarity }) => similarity > above).length;
  const pairs = shown.map(({ sample, index, similarity }) => {
    const name = seen.names[index];
    const pair = makeGrid([imageAt(samples, sample), imageAt(seen, index)], {
      columns: 2,
      gap: 0,
    });
    const marked = similarity > above;
    return `<figure${marked ? ' class="marked"' : ""}><img width="256" height="128" ` +
      `alt="sample ${sample + 1}, and the photo ${escapeXml(name)}" src="${
        pngUrl(encodePng(pair))
      }">` +
      `<figcaption>${similarity.toFixed(3)}${marked ? " memorised" : ""} · sample ${
        sample + 1
      } · ` +
      `${escapeXml(name)}</figcaption></figure>`;
  });
  const of = photos.training
    ? "the photos trained on"
    : "all photos, of which none is known to be held out of training";
  return renderPage(title, [
    `<h1>Samples and their nearest photos</h1>`,
    `<p class="lead">${escapeXml(title)}</p>`,
    `<p>Left the sample, right the one most like it of ${of} (${seen.count}). The number is how far ` +
    `their coarse structure correlates, 1 for the same; mirrored photos count too. The ` +
    `${shown.length} most alike of ${order.length} samples.</p>`,
    `<p>${count} of ${order.length} samples (${
      (100 * memorised).toFixed(1)
    }%) count as memorised: more ` +
    `alike than ${above.toFixed(3)}, which 99 in 100 photos stay below among each other. Sliced ` +
    `Wasserstein distance ${swd.avg.toFixed(1)} (photos from photos ${
      floor.toFixed(1)
    }), MS-SSIM ` +
    `between samples ${ms_ssim.toFixed(3)} (between photos ${found.photosMsSsim.toFixed(3)}).</p>`,
    section("Most alike first", `<div class="pairs">\n${pairs.join("\n")}\n</div>`),
  ]);
}

function imageAt(set: PictureSet, index: number): RgbImage {
  return { width: set.size, height: set.size, data: new Uint8Array(pictureAt(set, index)) };
}
