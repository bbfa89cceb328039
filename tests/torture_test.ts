import assert from "node:assert/strict";
import { CHECKPOINTS } from "../bench/torture/checkpoints.ts";
import { PICTURES } from "../bench/torture/pictures.ts";
import { RUN_FOLDERS } from "../bench/torture/run_folders.ts";
import { TARS } from "../bench/torture/tars.ts";
import { intoPage, type Tried } from "../bench/torture/table.ts";
import { tryFault } from "../bench/torture/try_fault.ts";

// A small dose of `deno task torture`; what starts training is tried by the tests of the command line.
for (
  const [fault, dose] of [[CHECKPOINTS, 0.002], [TARS, 0.04], [PICTURES, 0.01], [
    RUN_FOLDERS,
    0.02,
  ]] as const
) {
  Deno.test(`torture, a small dose: ${fault.fault}`, async () => {
    const { lost, tried, endings } = await tryFault(fault, { dose, seed: 2 });
    assert.deepEqual(lost, []);
    assert.equal(tried, Math.round(fault.full * dose));
    assert.ok(Object.keys(endings).length > 1, "damage that changes nothing proves nothing");
  });
}

Deno.test("the table of the torture keeps the rows of what was not tried this time", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "before\n<!-- torture -->\n<!-- /torture -->\nafter\n");
    const tried = (fault: string, count: number): Tried => ({
      name: fault,
      fault,
      happens: "a | b",
      full: count,
      tried: count,
      endings: { well: count },
      lost: [],
      measured: [],
      seconds: 1,
    });
    const faults = [{ fault: "one" }, { fault: "two" }];
    await intoPage(path, [tried("two", 2)], faults);
    await intoPage(path, [tried("one", 1)], faults);
    await intoPage(path, [tried("two", 3)], faults);
    const page = await Deno.readTextFile(path);
    assert.ok(page.startsWith("before\n") && page.endsWith("\nafter\n"), page);
    const row = (name: string, count: number) =>
      `| ${name} | a \\| b | ${count} | well: ${count} | nothing |`;
    const rows = page.split("\n").filter((line) => /^\| (one|two)/.test(line));
    assert.deepEqual(rows, [row("one", 1), row("two", 3)]);
  } finally {
    await Deno.remove(path);
  }
});
