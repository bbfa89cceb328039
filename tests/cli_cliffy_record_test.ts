import assert from "node:assert/strict";
import { cliffyIsThere, type Memory, recordCliffy } from "../src/cli/setup/cliffy_record.ts";
import { command } from "./program.ts";

function emptyMemory(): Memory {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

Deno.test("recordCliffy() is remembered, and a later answer replaces it", async () => {
  const memory = emptyMemory();
  assert.equal(cliffyIsThere(memory), false, "set-up never ran");
  assert.equal(await recordCliffy(() => Promise.resolve({}), memory), true);
  assert.equal(cliffyIsThere(memory), true);
  assert.equal(await recordCliffy(() => Promise.reject(new Error("offline")), memory), false);
  assert.equal(cliffyIsThere(memory), false);
});

Deno.test("cliffyIsThere() does not take another version's record for this one's", () => {
  const memory = { ...emptyMemory(), getItem: () => "jsr:@cliffy/command@0.0.1" };
  assert.equal(cliffyIsThere(memory), false);
});

Deno.test("a memory that cannot be read or written costs the layout alone", async () => {
  const broken = (): never => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  const memory = { getItem: broken, setItem: broken, removeItem: broken };
  assert.equal(await recordCliffy(() => Promise.resolve({}), memory), true);
  assert.equal(cliffyIsThere(memory), false);
});

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
  try {
    const proxy = `http://127.0.0.1:${server.addr.port}`;
    const env = {
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
    // At a place of its own: local storage belongs to a location, and this must not be the user's.
    const flags = [`--location=http://${crypto.randomUUID()}.invalid`];
    const setup = await command("setup", ["--no-install"], env, flags).output();
    assert.equal(setup.code, 0, text(setup.stderr));
    // Deno's own cache may hold Cliffy from an earlier set-up, and then nothing is asked either.
    const by = asked > 0 ? "commander, as JSR does not answer" : "Cliffy";
    assert.ok(text(setup.stdout).endsWith(`Help: laid out by ${by}\n`), text(setup.stdout));
  } finally {
    server.close();
    await accepting;
  }
});
