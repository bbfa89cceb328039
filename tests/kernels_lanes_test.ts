import assert from "node:assert/strict";
import { openGpu } from "../src/gpu/device.ts";
import { lanesOf } from "../src/ops/conv/lanes.ts";
import { VARIANTS } from "../src/ops/conv/selection.ts";
import { PRODUCTS } from "../src/ops/conv/product.ts";

const SCRIPT = new URL("./kernels_lanes_run.ts", import.meta.url);

const software = await openGpu().then((gpu) => {
  using open = gpu;
  return open.software && lanesOf(open) !== undefined;
});

for (const lanes of [8, 16]) {
  Deno.test({
    name: `kernels for subgroups agree with the reference on ${lanes} lanes${
      software ? "" : " (no software adapter here)"
    }`,
    ignore: !software,
    fn: async () => {
      const { success, stdout, stderr: errors } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-check", "--allow-env", SCRIPT.href],
        env: { LP_NATIVE_VECTOR_WIDTH: String(32 * lanes), NO_COLOR: "1", XDG_RUNTIME_DIR: "/tmp" },
      }).output();
      const stderr = new TextDecoder().decode(errors);
      // Newer drivers are wrong with sixteen lanes, which must be noticed (gpu/texture_lanes.ts).
      const refused = lanes === 16 && !success;
      if (refused) {
        return assert.match(stderr, /UserError: .* reads textures wrongly with vectors of/);
      }
      assert.ok(success, stderr);
      const run = JSON.parse(new TextDecoder().decode(stdout));
      assert.equal(run.lanes, lanes);
      for (const product of PRODUCTS) {
        const written = VARIANTS.filter((one) => one.product === product && one.readsTextures);
        assert.deepEqual(run.variants[product].sort(), written.map(({ name }) => name).sort());
      }
    },
  });
}
