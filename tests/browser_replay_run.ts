/**
 * Replays the recordings in Chromium, computes products at odd shapes and augmentations there, and prints
 * a line of JSON for each replay, one for the products and one for the augmentations: a process of its
 * own, because the browser's driver needs all permissions, which tests do not have.
 */

import type { VerifyReport } from "../browser.ts";
import type {} from "./browser_replay_page.ts";
import { bundle, withPage } from "./chromium.ts";
import { RECORDINGS } from "./recordings.ts";

/** A line of what is printed. */
export interface BrowserReplay {
  readonly name: string;
  /** The variant that was asked for; undefined: those that the browser gets. */
  readonly variant?: string;
  readonly report: VerifyReport;
}

/** A compiler's work on the larger tiles, the same text with other numbers, is minutes here. */
const BROWSER_VARIANTS = ["direct", "tiled 32x32/4x4", "pictures 8x8"];

const FIXTURES = new URL("fixtures/", import.meta.url);

if (import.meta.main) {
  const script = await bundle(new URL("browser_replay_page.ts", import.meta.url));
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/") {
        const page = `<!doctype html><script type="module">${script}</script>`;
        return new Response(page, { headers: { "content-type": "text/html" } });
      }
      if (!pathname.endsWith(".safetensors")) return new Response("", { status: 404 });
      return new Response(await Deno.readFile(new URL(`.${pathname}`, FIXTURES)));
    },
  );
  await withPage(`http://127.0.0.1:${server.addr.port}/`, async (page) => {
    for (const name of RECORDINGS) {
      // What a GPU gets in a browser, beside what a software adapter of four lanes does.
      for (const variant of [undefined, ...name.endsWith("s32") ? ["tiled 32x32/4x4"] : []]) {
        const report = await page.evaluate(
          ([url, variant]) => globalThis.replay(url!, variant),
          [`/${name}.safetensors`, variant],
        );
        const line: BrowserReplay = { name, report, ...(variant ? { variant } : {}) };
        console.log(JSON.stringify(line));
      }
    }
    const products = (variants: readonly string[]) => globalThis.products(variants);
    console.log(JSON.stringify(await page.evaluate(products, BROWSER_VARIANTS)));
    console.log(JSON.stringify(await page.evaluate(() => globalThis.augmentations(), undefined)));
  });
}
