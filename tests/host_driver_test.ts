import assert from "node:assert/strict";
import { backendOf } from "../src/host/backend.ts";
import { softwareDriverSettings } from "../src/host/software_driver.ts";
import { lavapipeHeaderVersion } from "../src/host/vulkan_manifest.ts";
import { program } from "./program.ts";

Deno.test("backendOf() takes an adapter on Linux without sizes of subgroups for one behind OpenGL", () => {
  const untold = { subgroupMinSize: 4, subgroupMaxSize: 128 };
  const eight = { subgroupMinSize: 8, subgroupMaxSize: 8 };
  assert.equal(backendOf(untold, "linux", null), "OpenGL");
  assert.equal(backendOf(eight, "linux", null), "Vulkan");
  assert.equal(backendOf(eight, "linux", "OpenGL"), "OpenGL");
  assert.equal(backendOf(untold, "darwin", null), "Metal");
  assert.equal(backendOf(untold, "windows", null), undefined);
});

Deno.test("softwareDriverSettings() gives wide networks wide vectors, and small ones more threads", () => {
  const settings = (width: number, avx512: boolean, cores = 2, lanes?: number, headers = 230) =>
    Object.values(softwareDriverSettings({ width, lanes }, { cores, avx512, headers }));
  assert.deepEqual(settings(16, true), [256, 4]);
  assert.deepEqual(settings(32, true), [512, undefined]);
  assert.deepEqual(settings(64, false), [256, undefined]);
  assert.deepEqual(settings(16, true, 16), [256, undefined]);
  assert.deepEqual(settings(16, false, 2, 16), [512, 4], "a run goes on with the lanes it had");
  assert.deepEqual(
    settings(64, true, 2, 32),
    [undefined, undefined],
    "no software adapter's lanes",
  );
  for (const lanes of [undefined, 16]) {
    const of25 = settings(64, true, 2, lanes, 305);
    assert.deepEqual(of25, [256, undefined], "newer drivers are wrong with sixteen lanes");
  }
  const untold = softwareDriverSettings({ width: 64 }, {
    cores: 2,
    avx512: true,
    headers: undefined,
  });
  assert.equal(untold.vectorBits, 256);
});

Deno.test("softwareDriverSettings() asks for eight lanes wherever nothing is to be trained", () => {
  for (const avx512 of [false, true]) {
    const { vectorBits, threads } = softwareDriverSettings({}, { cores: 2, avx512, headers: 230 });
    assert.deepEqual([vectorBits, threads], [256, undefined]);
  }
});

Deno.test("a command that trains nothing has eight lanes, too, where registers hold four", async (t) => {
  const env = {
    FACADEGAN_NO_SETUP: "1",
    GALLIUM_OVERRIDE_CPU_CAPS: "sse4.1", // a processor without AVX, for Mesa
    LP_NATIVE_VECTOR_WIDTH: "", // as good as unset, whatever the tests themselves run with
  };
  const { adapter } = JSON.parse((await program("doctor", ["--json"], env)).stdout);
  const ignore = !/llvmpipe/.test(adapter.name) || adapter.backend !== "Vulkan";
  await t.step({
    name: `on Mesa's software adapter${ignore ? " (there is none here)" : ""}`,
    ignore,
    fn: () => assert.deepEqual(adapter.subgroupSizes, [8, 8]),
  });
});

Deno.test("lavapipeHeaderVersion() reads the manifest that the loader would take", async () => {
  const folder = await Deno.makeTempDir();
  const file = (name: string, text: string) => {
    const path = `${folder}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
  };
  const manifest = (version: unknown) => JSON.stringify({ ICD: { api_version: version } });
  const read = (folders: string[], variables: Record<string, string> = {}) =>
    lavapipeHeaderVersion(folders.map((f) => `${folder}/${f}`), (name) => variables[name]);
  try {
    file(`old/lvp_icd.${Deno.build.arch}.json`, manifest("1.1.230"));
    file("old/intel_icd.json", manifest("1.3.999"));
    file("new/lvp_icd.json", manifest("1.4.305"));
    file("other/lvp_icd.mips.json", manifest("1.4.305"));
    file("broken/lvp_icd.json", "{");
    file("odd/lvp_icd.json", manifest(7));
    assert.equal(read(["none", "old", "new"]), 230);
    assert.equal(read(["new", "old"]), 305);
    assert.equal(read(["old"], { VK_ICD_FILENAMES: `/none:${folder}/new/lvp_icd.json` }), 305);
    for (const none of ["none", "other", "broken", "odd"]) assert.equal(read([none]), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("train, doctor and setup name the backend; of OpenGL they say once that it is slow", async (t) => {
  const folder = await Deno.makeTempDir();
  const env = { FACADEGAN_CACHE: `${folder}/cache`, FACADEGAN_NO_SETUP: "1" };
  // As on a machine without a Vulkan driver.
  const withoutVulkan = { ...env, VK_DRIVER_FILES: "/none", VK_ICD_FILENAMES: "/none" };
  try {
    const adapter = JSON.parse((await program("doctor", ["--json"], env)).stdout).adapter;
    assert.ok(["Vulkan", "OpenGL", "Metal", undefined].includes(adapter.backend));
    const found = await program("doctor", [], withoutVulkan);
    if (found.code !== 0) {
      await t.step({ name: "on OpenGL (there is none here)", ignore: true, fn: () => {} });
      return;
    }
    assert.match(found.stdout, /^backend +OpenGL$/m);
    assert.match(found.stderr, /about five times as fast/);
    const asked = await program("doctor", [], { ...withoutVulkan, DENO_WEBGPU_BACKEND: "gl" });
    assert.match(asked.stdout, /^backend +OpenGL$/m);
    assert.equal(asked.stderr, "", "who asks for OpenGL knows");
    const setup = await program("setup", ["--no-install"], withoutVulkan);
    assert.match(setup.stdout, /^Adapter: .*, OpenGL\nVulkan would be about five times as fast: /);
    const line = `--steps 2 --width 4 --batch 2 --samples 1 --workers 1 --out ${folder}/run`;
    const run = await program("train", line.split(" "), withoutVulkan);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /^on .*, OpenGL; everything goes to /m);
    assert.equal(run.stderr.match(/OpenGL/g)?.length, 1, run.stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a first start on a software adapter has a second device help to compile, and remembers it", async () => {
  const folder = await Deno.makeTempDir();
  const env = { FACADEGAN_CACHE: `${folder}/cache`, MESA_SHADER_CACHE_DIR: `${folder}/mesa` };
  const step = (batch: number) =>
    program("bench", `step --batch ${batch} --width 4 --steps 1 --json`.split(" "), env);
  const remembered = async () =>
    (await Array.fromAsync(Deno.readDir(`${folder}/cache/compiled`)).catch(() => [])).length;
  try {
    const { software } = JSON.parse((await program("doctor", ["--json"], env)).stdout).adapter;
    for (const [batch, kernels] of [[2, 1], [2, 1], [3, 2]]) {
      const { code, stderr } = await step(batch);
      assert.equal(code, 0, stderr);
      assert.equal(await remembered(), software ? kernels : 0);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
