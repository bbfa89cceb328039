/**
 * The studio's page in Chromium, from photos to a checkpoint: a process of its own, because the
 * browser's driver needs all permissions. Prints what it found as JSON.
 */

import { Buffer } from "node:buffer";
import { encodePng } from "../src/image/png_encoder.ts";
import { studioAssets } from "../src/studio/bundle.ts";
import { serveStudio } from "../src/studio/server.ts";
import { drawFacade } from "../src/synth/facade.ts";
import { withPage } from "./chromium.ts";

/** What is printed. */
export interface StudioFindings {
  /** Bytes of the page's script, compressed as a web server would. */
  readonly scriptBytes: number;
  /** What the status line says after training. */
  readonly trained: string;
  /** Pixels of the first picture of the sheet, RGBA. */
  readonly drawn: readonly number[];
  /** The steps whose checkpoint the browser keeps. */
  readonly kept: string;
  /** Names of the runs that the page lists. */
  readonly runs: readonly string[];
  /** The tabs in Chinese. */
  readonly tabs: readonly string[];
  /** The step at which a training that was found again ended. */
  readonly again: string;
}

if (import.meta.main) {
  const [runs, checkpoint, shots] = Deno.args;
  const assets = await studioAssets();
  const packed = new Blob([assets.get("main.js")!.body]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const scriptBytes = (await new Response(packed).arrayBuffer()).byteLength;
  await using server = serveStudio({ assets, runs }, 0);
  const findings = await withPage(server.url, async (page): Promise<StudioFindings> => {
    const shoot = async (name: string): Promise<void> => {
      if (shots) await page.screenshot({ path: `${shots}/studio-${name}.png` });
    };
    const tab = (name: string): Promise<void> => page.getByRole("tab", { name }).click();
    await page.waitForSelector(".chart svg");
    const listed = await page.locator("label").allTextContents();
    await shoot("watch");

    await tab("Train");
    const files = Array.from({ length: 20 }, (_, i) => ({
      name: `${i}.png`,
      mimeType: "image/png",
      buffer: Buffer.from(encodePng(drawFacade(1, i, 90, 80))),
    }));
    await page.getByLabel("size").selectOption("32");
    for (const [name, value] of [["width", "4"], ["batch", "2"], ["steps", "30"]]) {
      await page.getByLabel(name, { exact: true }).fill(value);
    }
    await page.locator("input[type=file]").setInputFiles(files);
    await page.waitForSelector("button.main:not([disabled])");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.waitForSelector("[data-ended]", { timeout: 120_000 });
    const trained = await page.locator("[role=status]").textContent() ?? "";
    const kept = await page.locator("[data-kept]").getAttribute("data-kept") ?? "";
    await shoot("train");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download checkpoint" }).click();
    await (await download).saveAs(checkpoint);

    await page.getByRole("button", { name: "Draw with it" }).click();
    await page.waitForSelector("[data-drawn]", { timeout: 60_000 });
    const drawn = await page.locator(".sheet canvas").first().evaluate((canvas): number[] => {
      const { width, height } = canvas;
      return [...canvas.getContext("2d").getImageData(0, 0, width, height).data];
    });
    await shoot("draw");
    await tab("Losses");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const ring = page.locator("[data-steps]");
    while (Number(await ring.getAttribute("data-steps")) < 10) await page.waitForTimeout(50);
    await shoot("losses");
    await page.locator("#language").click();
    const tabs = await page.getByRole("tab").allTextContents();
    await page.locator("#language").click();

    // A visitor who comes back finds the training, and goes on with it.
    await tab("Train");
    await page.reload();
    await page.getByLabel("steps", { exact: true }).fill("40");
    await page.getByRole("button", { name: "Go on", exact: true }).first().click();
    await page.waitForSelector("[data-ended]", { timeout: 120_000 });
    const again = await page.locator("[data-ended]").getAttribute("data-ended") ?? "";
    return { scriptBytes, trained, drawn, kept, runs: listed, tabs, again };
  });
  console.log(JSON.stringify(findings));
}
