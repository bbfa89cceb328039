import assert from "node:assert/strict";
import { evaluate } from "../src/gpu/expression.ts";
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

Deno.test("evaluate() gives what JavaScript gives for every expression of the shaders", async () => {
  const scope = {
    ...Object.fromEntries([..."abcfijklmnpqrt"].map((name, i) => [name, i + 3])),
    ...{ kx: 2, ky: 1, k4: 2, tap: 5, pair: 1, phase: 3, level: 2, split: 1 },
    ...{ ROWS: 4, WIDTH: 16, SMALL: 32, HALF: true, ACTIVATION: "tanh", MATRIX: [[1, 2], [3, 4]] },
    sum: (row: readonly number[], text: (i: number) => string) =>
      row.map((_, i) => text(i)).join("+"),
  };
  const own = [
    'sum(MATRIX[1], b => "d" + a + b)',
    "Math.ceil(SMALL / 3)",
    "-ROWS + 2 * (WIDTH - 1) % 5",
    "!HALF",
    'tap > 0 ? "s" + p + "_" + (tap - 1) : ""',
    '"xyzw"[p % 4]',
    "10 * ky + 2 * m + kx >> 3 & 7 | 8 ^ 1",
    'HALF && ROWS <= 4 || ACTIVATION !== "none"',
  ];
  const folder = new URL("../shaders/", import.meta.url);
  const texts = new Set(own);
  for await (const { name } of Deno.readDir(folder)) {
    const source = await Deno.readTextFile(new URL(name, folder));
    for (const [, text] of source.matchAll(/\$\{([^}]*)\}/g)) texts.add(text);
    for (const [, text] of source.matchAll(/\/\/#\s*if\s+(.*)/g)) texts.add(text);
  }
  let compared = 0;
  for (const text of texts) {
    let expected: unknown;
    try {
      expected = new Function(...Object.keys(scope), `return (${text})`)(...Object.values(scope));
    } catch {
      if (own.includes(text)) throw new Error(`${text} should have a value`);
      assert.throws(() => evaluate(text, scope), text); // a constant that is not among these
      continue;
    }
    assert.equal(evaluate(text, scope), expected, text);
    compared++;
  }
  assert.ok(compared > 60, `${compared} expressions`);
});
