import assert from "node:assert/strict";
import { cliffyIsThere, recordCliffy } from "../src/cli/setup/cliffy_record.ts";
import { CLIFFY } from "../src/deps/cliffy.ts";
import { command } from "./program.ts";

async function withCache(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("FACADEGAN_CACHE");
  Deno.env.set("FACADEGAN_CACHE", `${folder}/new`);
  try {
    await body(`${folder}/new`);
  } finally {
    if (before === undefined) Deno.env.delete("FACADEGAN_CACHE");
    else Deno.env.set("FACADEGAN_CACHE", before);
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("recordCliffy() is remembered, and a later answer replaces it", () =>
  withCache(async () => {
    assert.equal(await cliffyIsThere(), false, "set-up never ran");
    assert.equal(await recordCliffy(() => Promise.resolve({})), true);
    assert.equal(await cliffyIsThere(), true);
    assert.equal(await recordCliffy(() => Promise.reject(new Error("offline"))), false);
    assert.equal(await cliffyIsThere(), false);
  }));

Deno.test("cliffyIsThere() does not take another version's record for this one's", () =>
  withCache(async (folder) => {
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/cliffy.txt`, "jsr:@cliffy/command@0.0.1\n");
    assert.equal(await cliffyIsThere(), false);
  }));

// Whatever asks the network must go through the proxy, which counts and hangs up.
Deno.test("no command but setup asks JSR for Cliffy", async () => {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let asked = 0;
  const accepting = (async () => {
    for await (const connection of server) {
      asked++;
      connection.close();
    }
  })();
  const cache = await Deno.makeTempDir();
  try {
    const proxy = `http://127.0.0.1:${server.addr.port}`;
    const env = {
      FACADEGAN_CACHE: cache,
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      NO_PROXY: "",
      no_proxy: "",
    };
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    const { code, stdout, stderr } = await command("train", ["--help"], env).output();
    assert.deepEqual([code, text(stderr)], [0, ""]);
    assert.match(text(stdout), /Usage: deno task train/);
    assert.equal(asked, 0);
    const setup = await command("setup", ["--no-install"], env).output();
    assert.equal(setup.code, 0, text(setup.stderr));
    const answer = await Deno.readTextFile(`${cache}/cliffy.txt`);
    // Deno's own cache may hold Cliffy from an earlier set-up, and then nothing is asked either.
    assert.equal(answer, asked > 0 ? "not found\n" : `${CLIFFY}\n`);
  } finally {
    server.close();
    await accepting;
    await Deno.remove(cache, { recursive: true });
  }
});
