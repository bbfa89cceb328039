/**
 * The studio's page in Chromium, from a live run to photos to a checkpoint: a process of its own,
 * because the browser's driver needs all permissions. Prints what it found as JSON.
 */

import { join } from "node:path";
import { encodePng } from "../src/image/png_encoder.ts";
import { drawFacade } from "../src/synth/facade.ts";
import { type Page, withPage } from "./chromium.ts";
import { metricsLine, writeRun } from "./studio_runs.ts";

/** What is printed. */
export interface StudioFindings {
  /** Bytes of the page's script, compressed as a web server would. */
  readonly scriptBytes: number;
  /** What Watch said of a run before and after it went on, and of a second one. */
  readonly watched: readonly string[];
  /** Whether the page was the same one all along. */
  readonly notReloaded: boolean;
  /** Names of the runs in the chart. */
  readonly compared: string;
  /** How a page elsewhere fared that asked this server. */
  readonly foreign: string;
  /** What the status line says after a folder was dropped, and after training. */
  readonly trained: readonly string[];
  /** Pixels of the first picture of the sheet, RGBA. */
  readonly drawn: readonly number[];
  /** The steps whose checkpoint the browser keeps. */
  readonly kept: string;
  /** The tabs in Chinese. */
  readonly tabs: readonly string[];
  /**
   * Steps of a training that was found again: kept as the tab was hidden, gone on from after the GPU
   * was lost, and in the end.
   */
  readonly lost: readonly [hidden: string, recovered: string, ended: string];
  /** What a page without WebGPU shows: the numbers of a run, and under Draw. */
  readonly withoutGpu: readonly string[];
  /**
   * Pixels of the first picture of a page of plain files with that generator inside, before and after
   * the GPU was lost.
   */
  readonly builtIn: readonly (readonly number[])[];
  /** What was said of a file whose discriminator does not fit; the channels and size shown for it. */
  readonly misfit: readonly string[];
}

/** RGBA of the first picture of the sheet. */
async function firstPicture(page: Page): Promise<number[]> {
  await page.waitForSelector("[data-drawn]");
  return await page.locator(".sheet canvas").first().evaluate((canvas): number[] => {
    const { width, height } = canvas;
    return [...canvas.getContext("2d").getImageData(0, 0, width, height).data];
  });
}

/** A browser without WebGPU; by the arrow keys from one tab to the next. */
async function withoutWebGpu(page: Page, url: string): Promise<string[]> {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis.navigator, "gpu", { value: undefined });
  });
  await page.goto(url);
  await page.waitForSelector(".numbers:not(:empty)");
  const watched = await page.locator(".numbers").first().textContent() ?? "";
  const selected = page.locator("[aria-selected=true]");
  await selected.press("ArrowRight");
  await page.waitForSelector("[role=tab]:focus");
  const draw = `${await selected.textContent()}: ${await page.locator(".warning").textContent()}`;
  await page.close();
  return [watched, draw];
}

/** The same files from a server that knows nothing, with a generator beside them. */
async function plainFiles(page: Page, url: string, generator: string): Promise<number[]> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const name = new URL(request.url).pathname.slice(1);
      if (name === "generator.safetensors") return new Response(await Deno.readFile(generator));
      return name.includes("/") ? new Response("", { status: 404 }) : await fetch(url + name);
    },
  );
  await page.goto(`http://127.0.0.1:${server.addr.port}/index.html`);
  return await firstPicture(page);
}

/** Drops a folder onto the page, as a hand would. */
async function dropFolder(page: Page, folder: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { x, y, width, height } = (await page.locator(".drop").boundingBox())!;
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", {
      type,
      x: x + width / 2,
      y: y + height / 2,
      data: { items: [], files: [folder], dragOperationsMask: 1 },
    });
  }
}

/** A folder of 20 photos, ten of them deeper, among more other files than browsers list at once. */
async function writePhotos(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "deeper"), { recursive: true });
  for (let i = 0; i < 20; i++) {
    const path = join(folder, i % 2 ? "deeper" : "", `${i}.png`);
    await Deno.writeFile(path, encodePng(drawFacade(1, i, 90, 80)));
  }
  for (let i = 0; i < 110; i++) await Deno.writeTextFile(join(folder, `note${i}.txt`), "");
}

if (import.meta.main) {
  const [url, folder, shots] = Deno.args;
  const findings = await withPage(url, async (page): Promise<StudioFindings> => {
    const shoot = async (name: string): Promise<void> => {
      if (shots) await page.screenshot({ path: `${shots}/studio-${name}.png` });
    };
    const tab = (name: string): Promise<void> => page.getByRole("tab", { name }).click();
    const fill = async (values: Record<string, number>): Promise<void> => {
      for (const [name, value] of Object.entries(values)) {
        await page.getByLabel(name, { exact: true }).fill(`${value}`);
      }
    };
    const scriptBytes = await page.evaluate(async () => {
      const script = (await fetch("main.js")).body!.pipeThrough(new CompressionStream("gzip"));
      return (await new Response(script).arrayBuffer()).byteLength;
    }, undefined);

    // A run goes on, and another appears.
    const numbers = page.locator(".numbers");
    await page.waitForSelector(".chart svg");
    const watched = await numbers.allTextContents();
    // deno-lint-ignore no-explicit-any -- the page's own global scope
    await page.evaluate(() => (globalThis as any).sameDocument = true, undefined);
    const first = join(folder, "runs", "first");
    await Deno.writeTextFile(join(first, "metrics.jsonl"), metricsLine(2, 0.25), { append: true });
    const picture = encodePng(drawFacade(1, 0, 64, 64));
    await Deno.writeFile(join(first, "samples", "step_0000003.png"), picture);
    await writeRun(join(folder, "runs", "a second"), [[0, 0.75], [1, 0.5]]);
    await page.waitForFunction(() => {
      // deno-lint-ignore no-explicit-any -- the page's document, which Deno's types do not know
      const { document } = globalThis as any;
      const image = document.querySelector(".samples img");
      return image?.src.endsWith("/samples/3") && image.naturalWidth === 64 && !image.hidden &&
        document.querySelector(".numbers").textContent.includes("step 2,");
    }, undefined);
    await page.getByLabel("a second").check();
    await page.waitForFunction(
      // deno-lint-ignore no-explicit-any -- as above
      () => (globalThis as any).document.querySelectorAll(".numbers").length === 2,
      undefined,
    );
    watched.push(...await numbers.allTextContents());
    const notReloaded = await page.evaluate(
      // deno-lint-ignore no-explicit-any -- as above
      () => (globalThis as any).sameDocument === true,
      undefined,
    );
    const compared = await page.locator(".chart svg").textContent() ?? "";
    await shoot("watch");
    const elsewhere = await page.context().newPage();
    const foreign = await elsewhere.evaluate(
      (address) =>
        fetch(`${address}api/runs`).then(({ status }) => `${status}`, ({ name }) => name),
      url,
    );
    const withoutGpu = await withoutWebGpu(elsewhere, url);

    await tab("Train");
    await writePhotos(join(folder, "photos"));
    await page.getByLabel("size").selectOption("32");
    await fill({ width: 4, batch: 2, steps: 30 });
    await dropFolder(page, join(folder, "photos"));
    await page.waitForSelector("button.main:not([disabled])");
    const status = page.locator("[role=status]");
    const trained = [await status.textContent() ?? ""];
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.waitForSelector("[data-ended]", { timeout: 120_000 });
    trained.push(await status.textContent() ?? "");
    const kept = await page.locator("[data-kept]").getAttribute("data-kept") ?? "";
    await shoot("train");
    const downloadTo = async (name: string, button = "Download checkpoint"): Promise<void> => {
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: button }).click();
      await (await download).saveAs(join(folder, name));
    };
    await downloadTo("page.safetensors");

    await page.getByRole("button", { name: "Draw with it" }).click();
    const drawn = await firstPicture(page);
    await shoot("draw");
    await downloadTo("sheet.png", "Save PNG");
    const large = page.locator(".large");
    await page.getByRole("button", { name: "Pin as A" }).click();
    const before = await large.getAttribute("data-drawn");
    await large.press("ArrowRight");
    await page.waitForSelector(`.large:not([data-drawn="${before}"])`);
    await page.getByRole("button", { name: "Pin as B" }).click();
    await downloadTo("walk.gif", "Save GIF");
    await tab("Losses");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const ring = page.locator("[data-steps]");
    while (Number(await ring.getAttribute("data-steps")) < 10) await page.waitForTimeout(50);
    await shoot("losses");
    await page.locator("#language").click();
    const tabs = await page.getByRole("tab").allTextContents();
    await page.locator("#language").click();

    const plain = await page.context().newPage();
    const builtIn = [await plainFiles(plain, url, join(folder, "page.safetensors"))];

    // A visitor who comes back finds the training, and goes on with it.
    await tab("Train");
    await page.reload();
    await dropFolder(page, join(folder, "photos"));
    await fill({ steps: 100_000 });
    await page.getByRole("button", { name: "Go on", exact: true }).first().click();
    const section = page.locator("main section");
    const reached = (step: number): Promise<unknown> =>
      page.waitForFunction((step) => {
        // deno-lint-ignore no-explicit-any -- as above
        const { document } = globalThis as any;
        return Number(document.querySelector("main section").dataset.step) > step;
      }, step);
    await reached(35);

    // The tab is hidden, then the GPU goes.
    await page.evaluate(() => {
      // deno-lint-ignore no-explicit-any -- as above
      const { document, Event } = globalThis as any;
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, undefined);
    await page.waitForSelector("[data-kept]");
    const hidden = await section.getAttribute("data-kept") ?? "";
    const browser = await page.context().browser().newBrowserCDPSession();
    await browser.send("Browser.crashGpuProcess");
    await page.waitForSelector("[data-recovered]");
    await plain.waitForSelector("[data-drawn='2']");
    builtIn.push(await firstPicture(plain));
    await plain.close();
    const recovered = await section.getAttribute("data-recovered") ?? "";
    await reached(Number(hidden));
    await page.getByRole("button", { name: "Pause" }).click();
    await page.waitForSelector("[data-ended]");
    const ended = await section.getAttribute("data-ended") ?? "";

    // A file of grey weights, whose discriminator does not fit, is loaded; then grey from the start.
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Load checkpoint…", exact: true }).click();
    await (await chooser).setFiles(join(folder, "grey.safetensors"));
    await page.waitForSelector("[data-step]:not([data-ended])"); // the new one's
    const misfit = [
      await page.locator(".warning").textContent() ?? "",
      await page.getByLabel("channels").inputValue(),
      await page.getByLabel("size").inputValue(),
    ];
    await page.getByRole("button", { name: "Reset" }).click();
    await page.waitForSelector("button:text-is('Start'):not([disabled])");
    await fill({ steps: 3 });
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.waitForSelector("[data-ended='3']");
    await downloadTo("grey_again.safetensors");
    return {
      scriptBytes,
      watched,
      notReloaded,
      compared,
      foreign,
      withoutGpu,
      builtIn,
      trained,
      drawn,
      kept,
      tabs,
      lost: [hidden, recovered, ended],
      misfit,
    };
  });
  console.log(JSON.stringify(findings));
}
