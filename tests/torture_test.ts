import assert from "node:assert/strict";
import { CHECKPOINTS } from "../bench/torture/checkpoints.ts";
import { PICTURES } from "../bench/torture/pictures.ts";
import { RUN_FOLDERS } from "../bench/torture/run_folders.ts";
import { TARS } from "../bench/torture/tars.ts";
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
