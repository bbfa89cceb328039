import assert from "node:assert/strict";
import { type ConvShape, PRODUCTS } from "../src/ops/conv/product.ts";
import { type AugmentationErrors, AUGMENTATIONS } from "./augmentations.ts";
import type { BrowserReplay } from "./browser_replay_run.ts";
import { CHROMIUM, IF_CHROMIUM } from "./chromium_path.ts";
import { ODD_SHAPES, type ProductError } from "./conv_products.ts";
import { RECORDINGS } from "./recordings.ts";

Deno.test({
  name:
    `Chromium's compiler on SwiftShader replays PyTorch's numbers, and computes products at odd shapes and augmentations${IF_CHROMIUM}`,
  ignore: !CHROMIUM,
  async fn() {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-q",
        "-A",
        "--no-lock",
        new URL("browser_replay_run.ts", import.meta.url).href,
      ],
      cwd: new URL("..", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    const augmentations: AugmentationErrors[] = JSON.parse(lines.pop()!);
    const products: ProductError[] = JSON.parse(lines.pop()!);
    const replays = lines.map((line): BrowserReplay => JSON.parse(line));
    assert.deepEqual(new Set(replays.map(({ name }) => name)), new Set(RECORDINGS));
    for (const { name, variant = "both kernel sets", report } of replays) {
      const found = `${name}, ${variant}: ${JSON.stringify(report)}`;
      assert.ok(report.pass && report.max_weight_rel_l2 > 0, found);
    }
    for (const { product, shape, variant, error } of products) {
      assert.ok(error < 1e-5, `${product} ${JSON.stringify(shape)}, ${variant}: error ${error}`);
    }
    AUGMENTATIONS.forEach(({ policy, noise }, i) => {
      const { augmented, gradient } = augmentations[i];
      const found = `${policy}, noise ${noise}: ${JSON.stringify(augmentations[i])}`;
      assert.ok(gradient < 1e-5, found);
      // Noise is as exact as WGSL demands of sine and cosine: to 2^-11.
      assert.ok(augmented < (noise === 0 ? 1e-5 : 2 ** -11), found);
    });
    for (const product of PRODUCTS) {
      const variants = (shape: ConvShape): string[] =>
        products.filter((one) =>
          one.product === product && JSON.stringify(one.shape) === JSON.stringify(shape)
        ).map(({ variant }) => variant);
      for (const shape of ODD_SHAPES) {
        assert.ok(variants(shape).length >= 2, `${product} ${JSON.stringify(shape)}`);
      }
    }
  },
});
