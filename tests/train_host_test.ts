import assert from "node:assert/strict";
import { openGpu } from "../src/gpu/device.ts";
import { Trainer } from "../src/train/trainer.ts";

const SCRIPT = new URL("memory_growth.ts", import.meta.url).href;

Deno.test("a step is one encoder and one submit, and makes nothing on the device", async () => {
  using gpu = await openGpu();
  using trainer = Trainer.create(gpu, { width: 4, batch: 2 });
  const photos = new Uint8Array(2 * 64 * 64 * 3);
  trainer.step(photos);
  await trainer.finished();
  const calls: string[] = [];
  const watch = (target: object, names: readonly string[]) => {
    for (const name of names) {
      const real = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      Object.defineProperty(target, name, {
        configurable: true,
        value: (...args: unknown[]) => {
          calls.push(name);
          return Reflect.apply(real, target, args);
        },
      });
    }
  };
  watch(gpu.device, [
    "createBuffer",
    "createTexture",
    "createBindGroup",
    "createShaderModule",
    "createComputePipeline",
    "createCommandEncoder",
  ]);
  watch(gpu.device.queue, ["submit"]);
  for (let step = 0; step < 3; step++) trainer.step(photos);
  const once = ["createCommandEncoder", "submit"];
  assert.deepEqual(calls, [...once, ...once, ...once]);
  await trainer.finished();
});

Deno.test("memory stays flat over five hundred steps", async () => {
  // In a process of its own: test files that run in parallel are threads of one, and share its size.
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", "--allow-env=XDG_RUNTIME_DIR", SCRIPT],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const grown = Number(new TextDecoder().decode(stdout)) / 2 ** 20;
  // A leak of one 1 KB object a dispatch would be some 50 MB here.
  assert.ok(grown < 16, `the process grew by ${grown.toFixed(1)} MB`);
});
