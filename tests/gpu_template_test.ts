import assert from "node:assert/strict";
import { expandTemplate } from "../src/gpu/template.ts";

Deno.test("expandTemplate() repeats, chooses and computes", () => {
  const source = [
    "//# for i in 0..N",
    "//# if i === 1",
    "one",
    "//# else",
    "a${i} = ${i * STEP};",
    "//# end",
    "//# end",
    'const NAME = "${KIND}";',
  ].join("\n");
  assert.equal(
    expandTemplate(source, { N: 3, STEP: 4, KIND: "x" }),
    'a0 = 0;\none\na2 = 8;\nconst NAME = "x";',
  );
});

Deno.test("expandTemplate() nests loops and shadows nothing outside", () => {
  const source = "//# for i in 0..2\n//# for j in i..2\n${i}${j}\n//# end\n//# end";
  assert.equal(expandTemplate(source, {}), "00\n01\n11");
});

Deno.test("expandTemplate() names an unknown constant and a stray directive", () => {
  assert.throws(() => expandTemplate("${MISSING}", {}), /MISSING/);
  assert.throws(() => expandTemplate("//# end", {}), /stray/);
  assert.throws(() => expandTemplate("//# if true\n//# end\n//# else", {}), /stray/);
  assert.throws(() => expandTemplate("//# for i in 0..2", {}), /end/);
});
