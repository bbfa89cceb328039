import assert from "node:assert/strict";
import { didYouMean } from "../src/cli/usage_error.ts";

Deno.test("didYouMean() names the nearest word, whatever its case, and none that is far", () => {
  assert.equal(didYouMean("trian", ["generate", "train"]), " Did you mean train?");
  assert.equal(didYouMean("TRAIN", ["generate", "train"]), " Did you mean train?");
  assert.equal(didYouMean("lst", ["compare", "list", "last"]), " Did you mean list?");
  assert.equal(didYouMean("xyzzy", ["generate", "train"]), "");
  assert.equal(didYouMean("train", []), "");
});
