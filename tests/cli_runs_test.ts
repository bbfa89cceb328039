import assert from "node:assert/strict";
import { runsCompare } from "../src/cli/actions/runs.ts";
import { RUNS_COMPARE } from "../src/cli/commands/runs.ts";
import { createInvocation } from "../src/cli/invocation.ts";
import { resolveOptions } from "../src/cli/resolve.ts";

// The second folder fails at once, the first only after a wait.
Deno.test("runs compare names the first folder that is no run, also where it fails last", async () => {
  const read = Deno.readTextFile;
  const waits: Record<string, number> = { "no/such/a": 50, "no/such/b": 0 };
  try {
    Deno.readTextFile = async (path, options) => {
      const slow = Object.keys(waits).find((folder) => String(path).startsWith(folder));
      if (slow) await new Promise((resolve) => setTimeout(resolve, waits[slow]));
      return await read(path, options);
    };
    const resolve = () => resolveOptions(RUNS_COMPARE, { commandLine: {}, env: () => undefined });
    const invocation = createInvocation<typeof RUNS_COMPARE>(resolve, Object.keys(waits));
    await assert.rejects(runsCompare(invocation), /^UserError: no\/such\/a is no run folder/);
  } finally {
    Deno.readTextFile = read;
  }
});
