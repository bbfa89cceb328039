import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { serveStudio, type Studio } from "../src/studio/server.ts";
import { metricsLine, writeRun } from "./studio_runs.ts";

const ASSETS = new Map([
  ["index.html", { body: "<p>page</p>", type: "text/html; charset=utf-8" }],
]);

async function withStudio(
  work: (studio: Studio, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const run = join(folder, "runs", "1");
    await writeRun(run, [[0, 1], [1, 1]], ["morning"]);
    await Deno.writeTextFile(join(run, "samples", "step_0000002.png"), "a picture");
    await Deno.writeTextFile(join(run, "checkpoints", "step_0000002.safetensors"), "tensors");
    await Deno.writeTextFile(join(folder, "secret.txt"), "secret");
    await using studio = serveStudio({ assets: ASSETS, runs: join(folder, "runs") }, 0);
    await work(studio, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Asks over a bare connection: `fetch` would tidy up the path and set the host by itself. */
async function ask(url: string, path: string, headers: string): Promise<string> {
  const { port } = new URL(url);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const request = `GET ${path} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

Deno.test("the studio serves its page under a strict policy, and what runs hold", () =>
  withStudio(async ({ url }) => {
    const page = await fetch(url);
    assert.equal(await page.text(), "<p>page</p>");
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'; script-src 'self';/);
    assert.ok(!policy.includes("unsafe"));
    const [run] = await (await fetch(`${url}api/runs`)).json();
    assert.deepEqual([run.id, run.train.loss, run.samples, run.checkpoints], [0, "ls", [2], [2]]);
    const found = await (await fetch(`${url}api/runs/0/metrics?from=1`)).json();
    assert.deepEqual(found, [JSON.parse(metricsLine(1, 1))]);
    assert.equal(await (await fetch(`${url}api/runs/0/samples/2`)).text(), "a picture");
    assert.equal(await (await fetch(`${url}api/runs/0/checkpoints/2`)).text(), "tensors");
  }));

Deno.test("a run keeps its number when others come, and says that it was resumed", () =>
  withStudio(async ({ url }, folder) => {
    const runs = async (): Promise<{ id: number; name: string; sessions: string[] }[]> =>
      await (await fetch(`${url}api/runs`)).json();
    const numbers = (): Promise<unknown[]> =>
      runs().then((all) => all.map(({ id, name }) => [id, basename(name)]));
    assert.deepEqual(await numbers(), [[0, "1"]]);
    await writeRun(join(folder, "runs", "0"), [[0, 0.5]]);
    assert.deepEqual(await numbers(), [[1, "0"], [0, "1"]]);
    await writeRun(join(folder, "runs", "1"), [[0, 0.75]], ["morning", "noon"]);
    assert.deepEqual((await runs())[1].sessions, ["morning", "noon"]);
    const [{ errD }] = await (await fetch(`${url}api/runs/0/metrics`)).json();
    assert.equal(errD, 0.75);
  }));

Deno.test("the studio refuses another token, another origin or host, other methods and other paths", () =>
  withStudio(async ({ url }) => {
    const { origin, host, pathname } = new URL(url);
    const status = async (address: string, init?: RequestInit): Promise<number> => {
      const response = await fetch(address, init);
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status(`${origin}/`), 403);
    assert.equal(await status(`${origin}/${"0".repeat(32)}/`), 403);
    assert.equal(await status(`${origin}/${"0".repeat(32)}/api/runs`), 403);
    assert.equal(await status(url, { headers: { origin: "http://example.org" } }), 403);
    assert.equal(await status(url, { headers: { origin: "null" } }), 403);
    assert.equal(
      await status(url, { headers: { origin: origin.replace("http:", "https:") } }),
      403,
    );
    assert.equal(await status(`${url.slice(0, -2)}/`), 403);
    assert.equal(await status(url, { method: "POST" }), 405);
    assert.equal(await status(`${url}api/runs/7/metrics`), 404);
    assert.equal(await status(`${url}api/runs/0/samples/3`), 404);
    assert.match(await ask(url, pathname, "host: example.org\r\n"), /^HTTP\/1.1 403/);
    for (
      const path of [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "api/runs/0/samples/../../../../secret.txt",
        "api/runs/0/samples/..%2f..%2f..%2fsecret.txt",
        "api/runs/..%2f..%2fsecret.txt/metrics",
      ]
    ) {
      const answer = await ask(url, pathname + path, `host: ${host}\r\n`);
      assert.match(answer, /^HTTP\/1.1 40[34]/, path);
      assert.ok(!answer.includes("secret\r\n") && !answer.endsWith("secret"), path);
    }
  }));
