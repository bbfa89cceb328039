import assert from "node:assert/strict";
import { bundle, CHROMIUM, IF_CHROMIUM, withPage } from "./chromium.ts";
import { RECORDINGS } from "./recordings.ts";

const FIXTURES = new URL("fixtures/", import.meta.url);

Deno.test({
  name: `Chromium's compiler on SwiftShader replays PyTorch's numbers as Deno does${IF_CHROMIUM}`,
  ignore: !CHROMIUM,
  async fn(t) {
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
          await t.step(`${name}, ${variant ?? "both kernel sets"}`, async () => {
            const report = await page.evaluate(
              ([url, variant]) => globalThis.replay(url!, variant),
              [`/${name}.safetensors`, variant],
            );
            assert.ok(report.pass && report.max_weight_rel_l2 > 0, JSON.stringify(report));
          });
        }
      }
    });
  },
});
