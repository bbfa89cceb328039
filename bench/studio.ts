/**
 * How fast the studio draws and trains in Chromium, beside Deno on the same adapter: SwiftShader, which
 * Debian's Chromium brings along, and beside Deno on this machine's own adapter.
 *
 * `deno run -A --unstable-bundle bench/studio.ts` prints a table. A picture is drawn and read back for
 * itself, as when the pointer moves over the large one; steps are counted between the first and the last
 * message of five seconds, after the first.
 *
 * @module
 */

import { join } from "node:path";
import { saveCheckpoint } from "../src/files/checkpoint_file.ts";
import { openGpu } from "../src/host/open_gpu.ts";
import { RunFolder } from "../src/run/folder.ts";
import { studioAssets } from "../src/studio/bundle.ts";
import { serveStudio } from "../src/studio/server.ts";
import { noiseOfSeed } from "../src/train/noise.ts";
import { openGenerator } from "../src/train/loaded_generator.ts";
import { train } from "../src/train/loop.ts";
import { PRESETS } from "../src/train/presets.ts";
import type { GivenSettings } from "../src/train/settings.ts";
import { Trainer } from "../src/train/trainer.ts";
import { type Page, withPage } from "../tests/chromium.ts";
import { writeRun } from "../tests/studio_runs.ts";

/** Where Debian's Chromium has its adapter; the Vulkan loader takes it for any program. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

const SECONDS = 5;
const DRAWN: readonly number[] = [16, 64];
const TRAINED = [{ size: 32, width: 8, batch: 8 }, { size: 64, width: 16, batch: 8 }] as const;
const NEVER = 1_000_000;

/** Rates a second, in the order of {@linkcode DRAWN} and {@linkcode TRAINED}. */
interface Rates {
  readonly adapter: string;
  readonly pictures: readonly number[];
  readonly steps: readonly number[];
}

function settingsOf(given: GivenSettings): GivenSettings {
  const { steps: _, ...small } = PRESETS.small;
  return { ...small, ...given };
}

async function inDeno(): Promise<Rates> {
  using gpu = await openGpu();
  const pictures: number[] = [];
  for (const width of DRAWN) {
    using trainer = Trainer.create(gpu, { width, batch: 2 });
    using generator = openGenerator(gpu, await trainer.snapshot());
    const { noise } = noiseOfSeed(1, generator.settings.nz, 1);
    await generator.generate(noise);
    const begun = performance.now();
    let count = 0;
    for (; performance.now() - begun < 1000 * SECONDS; count++) {
      (await generator.generate(noise)).images();
    }
    pictures.push(1000 * count / (performance.now() - begun));
  }
  const steps: number[] = [];
  for (const given of TRAINED) {
    using trainer = Trainer.create(gpu, settingsOf(given));
    const pixels = new Uint8Array(given.batch * given.size ** 2 * 3).fill(128);
    const seen: [time: number, step: number][] = [];
    const options = { steps: NEVER, samples: 16, checkpointEvery: NEVER };
    for await (const event of train(trainer, { batch: () => ({ pixels }) }, options)) {
      if (event.kind !== "metrics") continue;
      seen.push([performance.now(), trainer.stepsDone]);
      if (enough(seen)) break;
    }
    steps.push(rateOf(seen));
  }
  return { adapter: gpu.summary.name, pictures, steps };
}

type Seen = readonly (readonly [time: number, step: number])[];

function enough(seen: Seen): boolean {
  return seen.length > 2 && seen.at(-1)![0] - seen[0][0] > 1000 * SECONDS;
}

function rateOf(seen: Seen): number {
  const [first, last] = [seen[0], seen.at(-1)!];
  return 1000 * (last[1] - first[1]) / (last[0] - first[0]);
}

/** The same in another process, on the adapter of a driver's description. */
async function inDenoOn(driver?: string): Promise<Rates> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-lock", import.meta.url, "--deno"],
    env: driver ? { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver } : {},
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function inChromium(): Promise<Rates> {
  const folder = await Deno.makeTempDir();
  try {
    for (const width of DRAWN) {
      using gpu = await openGpu();
      using trainer = Trainer.create(gpu, { width, batch: 2 });
      const run = new RunFolder(join(folder, `${width}`));
      await writeRun(run.path, []);
      await saveCheckpoint(run.checkpoint(0), await trainer.snapshot());
    }
    await using server = serveStudio({ assets: await studioAssets(), runs: folder }, 0);
    return await withPage(server.url, async (page) => {
      const pictures: number[] = [];
      await page.getByRole("tab", { name: "Draw" }).click();
      for (const width of DRAWN) {
        await page.getByLabel("Generator").selectOption(`${DRAWN.indexOf(width)}`);
        await page.waitForFunction(
          (text) =>
            // deno-lint-ignore no-explicit-any -- the page's document, which Deno's types do not know
            (globalThis as any).document.querySelector("[role=status]").textContent.includes(text),
          `width ${width},`,
        );
        await page.waitForSelector(".large[data-drawn]", { timeout: 60_000 });
        await page.waitForTimeout(1000);
        pictures.push(await picturesASecond(page));
      }
      const steps: number[] = [];
      for (const { size, width, batch } of TRAINED) {
        await page.getByRole("tab", { name: "Train" }).click();
        await page.getByLabel("size").selectOption(`${size}`);
        for (const [name, value] of Object.entries({ width, batch, steps: NEVER })) {
          await page.getByLabel(name, { exact: true }).fill(`${value}`);
        }
        await page.getByRole("button", { name: "draw a street" }).click();
        await page.waitForSelector("button.main:not([disabled])");
        await page.getByRole("button", { name: "Start", exact: true }).click();
        await page.waitForSelector("[data-step]", { timeout: 60_000 });
        steps.push(await stepsASecond(page));
        await page.getByRole("button", { name: "Pause" }).click();
        await page.waitForSelector("[data-ended]");
        await page.getByRole("button", { name: "Reset" }).click();
      }
      const adapter = await page.evaluate(async () => {
        const found = await navigator.gpu.requestAdapter();
        return `${found!.info.vendor} ${found!.info.architecture}`;
      }, undefined);
      return { adapter, pictures, steps };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Moves over the large picture without a pause. */
function picturesASecond(page: Page): Promise<number> {
  return page.evaluate(async (seconds) => {
    // deno-lint-ignore no-explicit-any -- as above
    const { document, PointerEvent } = globalThis as any;
    const large = document.querySelector(".large");
    const [begun, before] = [performance.now(), Number(large.dataset.drawn)];
    while (performance.now() - begun < 1000 * seconds) {
      const { left, top, width } = large.getBoundingClientRect();
      const clientX = left + width * (performance.now() % 1000) / 1000;
      large.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY: top + width / 2 }));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return 1000 * (Number(large.dataset.drawn) - before) / (performance.now() - begun);
  }, SECONDS);
}

async function stepsASecond(page: Page): Promise<number> {
  const section = page.locator("main section");
  const seen: [number, number][] = [];
  while (!enough(seen)) {
    const step = Number(await section.getAttribute("data-step"));
    if (step !== seen.at(-1)?.[1]) seen.push([performance.now(), step]);
    await page.waitForTimeout(10);
  }
  return rateOf(seen);
}

if (import.meta.main) {
  if (Deno.args[0] === "--deno") {
    console.log(JSON.stringify(await inDeno()));
  } else {
    const rows: [string, Rates][] = [
      ["Chromium", await inChromium()],
      ["Deno", await inDenoOn(SWIFTSHADER)],
      ["Deno", await inDenoOn()],
    ];
    const titles = [
      ...DRAWN.map((width) => `pictures/s at width ${width}`),
      ...TRAINED.map(({ size, width, batch }) => `steps/s at ${size}px, width ${width}, ${batch}`),
    ];
    for (const [program, { adapter, pictures, steps }] of rows) {
      console.log(`${program} on ${adapter}`);
      [...pictures, ...steps].forEach((rate, i) =>
        console.log(`  ${titles[i].padEnd(32)} ${rate.toFixed(1)}`)
      );
    }
  }
}
