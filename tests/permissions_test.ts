import assert from "node:assert/strict";
import { join } from "node:path";
import project from "../deno.json" with { type: "json" };

/** What a command's flags refuse. Those that write, write where they are told to, which may be anywhere. */
const REFUSED: Record<string, string> = {
  train: "connect run environment",
  generate: "connect run environment",
  export: "connect run environment",
  evaluate: "connect run environment",
  "evaluate-features": "connect run environment",
  compare: "connect run environment",
  mechanism: "connect run environment",
  tune: "connect run environment",
  runs: "connect run environment",
  studio: "connect run environment",
  verify: "write connect run environment",
  doctor: "read write connect run environment",
  completions: "read write connect run environment",
  setup: "read write connect run environment",
  dataset: "run environment", // downloads from where it is told to
  bench: "connect environment", // starts other programs, to be compared with
};

Deno.test("each command's flags refuse writes, connections and programs that are not its business", async () => {
  const probe = new URL("permissions_probe.ts", import.meta.url).pathname;
  const folder = await Deno.makeTempDir();
  /** What flags refuse; commands share them, and are asked once. */
  const asked = new Map<string, Promise<string>>();
  const ask = async (flags: string): Promise<string> => {
    const outside = join(folder, String(asked.size));
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...flags.split(" "), probe, outside],
      cwd: new URL("..", import.meta.url),
      stdin: "null",
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    const refused = new TextDecoder().decode(stdout).trim();
    const written = await Deno.stat(outside).then(() => true, () => false);
    assert.equal(written, !refused.split(" ").includes("write"), flags);
    return refused;
  };
  try {
    for (const [task, { command }] of Object.entries(project.tasks)) {
      const flags = /^FACADEGAN_TASK=1 deno (run .*) src\/cli\/main\.ts/.exec(command)?.[1];
      if (flags === undefined) continue;
      if (!asked.has(flags)) asked.set(flags, ask(flags));
      assert.equal(await asked.get(flags), REFUSED[task], task);
    }
    assert.ok(asked.size >= 6, "the tasks' commands look otherwise than expected");
  } finally {
    await Promise.allSettled(asked.values());
    await Deno.remove(folder, { recursive: true });
  }
});
