/**
 * Takes the screenshots of docs/studio.md, and others to look at, of the studio over a folder of runs:
 * `deno run -A --unstable-bundle docs/studio_pictures.ts RUNS FOLDER`. The page's screens are light and
 * dark, wide and narrow, English and Chinese.
 *
 * @module
 */

import { join } from "node:path";
import { studioAssets } from "../src/studio/bundle.ts";
import { serveStudio } from "../src/studio/server.ts";
import { type Page, type Screen, withPage } from "../tests/chromium.ts";

const WIDE = { viewport: { width: 1160, height: 820 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const SCREENS: Readonly<Record<string, Screen>> = {
  wide: WIDE,
  "wide-dark-zh": { ...WIDE, colorScheme: "dark", locale: "zh-CN" },
  "phone-zh": { ...PHONE, locale: "zh-CN" },
  "phone-dark": { ...PHONE, colorScheme: "dark" },
};

async function shootAll(page: Page, shoot: (name: string) => Promise<unknown>): Promise<void> {
  const tab = (at: number): Promise<void> => page.locator(`#tabs button:nth-child(${at})`).click();
  await page.waitForSelector(".chart svg");
  await page.locator("input[type=checkbox]").first().check();
  await page.waitForSelector(".numbers >> nth=1");
  await page.waitForTimeout(300);
  await shoot("watch");
  await tab(2);
  await page.waitForSelector("[data-drawn]");
  await page.waitForSelector(".large[data-drawn]");
  await shoot("draw");
  await tab(3);
  await page.waitForTimeout(300);
  await shoot("train-empty");
  await page.locator("select").last().selectOption("both");
  await page.locator("select").first().selectOption("32");
  const numbers = page.locator("input[type=number]");
  await numbers.first().fill("4"); // width
  await numbers.last().fill("60"); // steps
  await page.locator(".drop button").last().click();
  await page.waitForSelector("button.main:not([disabled])");
  await page.locator("button.main").click();
  await page.waitForSelector("[data-ended]", { timeout: 120_000 });
  await shoot("train");
  await tab(4);
  await page.locator(".row button:text-matches('Start|开始')").last().click();
  await page.waitForFunction(() => {
    // deno-lint-ignore no-explicit-any -- the page's document, which Deno's types do not know
    const ring = (globalThis as any).document.querySelector("[data-steps]");
    return Number(ring?.dataset.steps) > 150;
  }, undefined);
  await shoot("losses");
}

if (import.meta.main) {
  const [runs, folder] = Deno.args;
  await using server = serveStudio({ assets: await studioAssets(), runs }, 0);
  for (const [screen, options] of Object.entries(SCREENS)) {
    await withPage(
      server.url,
      (page) =>
        shootAll(
          page,
          (name) =>
            page.screenshot({
              path: join(folder, `studio-${screen}-${name}.jpg`),
              fullPage: true,
              quality: 80,
            }),
        ),
      { screen: options },
    );
  }
}
