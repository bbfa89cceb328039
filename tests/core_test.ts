import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);

interface Graph {
  readonly modules: readonly { readonly specifier: string; readonly error?: string }[];
}

/** WebGPU's flags, which TypeScript's types of a page lack. */
const CONSTANTS = ["GPUBufferUsage", "GPUTextureUsage", "GPUMapMode"]
  .map((name) => `declare global { var ${name}: Readonly<Record<string, number>>; }\n`).join("");

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("browser.ts leads to no file access, no Node module and no room of the host", async () => {
  const graph: Graph = JSON.parse(await deno("info", "--json", "browser.ts"));
  const ours: string[] = [];
  for (const { specifier, error } of graph.modules) {
    assert.equal(error, undefined, specifier);
    assert.ok(!specifier.startsWith("node:"), specifier);
    if (specifier.startsWith(ROOT.href)) ours.push(specifier.slice(ROOT.href.length));
  }
  const rooms =
    /^(browser\.ts|shaders\/|src\/(errors|random)\.ts|src\/(deps|image|format|gpu|ops|model|train)\/)/;
  assert.deepEqual(ours.filter((path) => !rooms.test(path)), []);
  assert.ok(ours.length > 50, "the graph is not that of the trainer");
  for (const path of ours.filter((one) => one.endsWith(".ts"))) await assertPortable(path);
});

async function assertPortable(path: string): Promise<void> {
  const text = await Deno.readTextFile(new URL(path, ROOT));
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  assert.ok(!/\bDeno\.|["']node:/.test(code), `${path} uses Deno or Node`);
}

Deno.test("the core's rooms that browser.ts does not lead to use web APIs alone, too", async () => {
  for (const room of ["mechanism", "plot", "quality", "synth", "tune"]) {
    for await (const { name } of Deno.readDir(new URL(`src/${room}`, ROOT))) {
      await assertPortable(`src/${room}/${name}`);
    }
  }
});

Deno.test("browser.ts passes the type check of a page, which knows no Deno", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/deno.json`,
      JSON.stringify({
        compilerOptions: {
          lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
        },
      }),
    );
    await Deno.writeTextFile(
      `${folder}/page.ts`,
      `export * from "${ROOT.href}browser.ts";\n${CONSTANTS}`,
    );
    await deno("check", "--config", `${folder}/deno.json`, `${folder}/page.ts`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
