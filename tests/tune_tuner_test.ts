import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import { openGpu } from "../src/gpu/device.ts";
import { exactElement, sampledError } from "../src/tune/samples.ts";
import { loadTuning, saveTuning, tunedSelector, workKey } from "../src/host/tuning_store.ts";
import { tune } from "../src/tune/tuner.ts";
import { trainingWork } from "../src/model/layers.ts";
import { candidates, selectVariant, setKernelSelector } from "../src/ops/conv/selection.ts";
import { type ConvShape, PRODUCTS } from "../src/ops/conv/product.ts";
import { convWeightGradient, down, up } from "./reference/conv.ts";
import { fillNormal, Purpose } from "../src/random.ts";

const SHAPE: ConvShape = { batch: 2, height: 3, width: 5, big: 4, small: 8 };

function operands({ batch, height, width, big, small }: ConvShape) {
  const random = (counter: number, length: number) =>
    fillNormal(new Float32Array(length), 5, Purpose.Samples, counter);
  return {
    big: random(1, batch * 4 * height * width * big),
    small: random(2, batch * height * width * small),
    weight: random(3, 16 * big * small),
  };
}

Deno.test("exactElement() is the element of the whole float64 reference", () => {
  const { big, small, weight } = operands(SHAPE);
  const whole = {
    down: down(big, weight, SHAPE),
    up: up(small, weight, SHAPE),
    "weight gradient": convWeightGradient(big, small, SHAPE),
  };
  for (const product of PRODUCTS) {
    whole[product].forEach((expected, i) => {
      const value = exactElement(product, SHAPE, { big, small, weight }, i);
      assert.ok(Math.abs(value - expected) < 1e-12, `${product} ${i}: ${value}, ${expected}`);
    });
  }
});

Deno.test("sampledError() sees a wrong share of a result and a single NaN anywhere", () => {
  const host = operands(SHAPE);
  const right = Float32Array.from(down(host.big, host.weight, SHAPE));
  assert.ok(sampledError("down", SHAPE, host, right) < 1e-6);
  const shifted = right.map((x, i) => i % 20 === 3 ? x + 0.1 : x);
  assert.ok(sampledError("down", SHAPE, host, shifted) > 1e-3);
  const holed = right.slice();
  holed[77] = NaN;
  assert.equal(sampledError("down", SHAPE, host, holed), Infinity);
});

Deno.test("tune() measures every product, fastest first and right, and keeps to its budget", async () => {
  using gpu = await openGpu();
  const work = trainingWork({ size: 64, width: 4, nz: 100 }, 2).slice(0, 3);
  assert.deepEqual(await tune(gpu, work, { budget: 0 }), []);
  const seen: number[] = [];
  const tuned = await tune(gpu, work, { budget: 60_000, onProgress: (done) => seen.push(done) });
  assert.equal(tuned.length, work.length);
  assert.deepEqual(seen, work.map((_, i) => i + 1));
  for (const { measured } of tuned) {
    const times = measured.map(({ ms }) => ms);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    assert.ok(measured[0].error < 1e-5);
  }
});

Deno.test("stored tuning decides the variant, survives damage and ages with the kernels", async () => {
  using gpu = await openGpu();
  const folder = await Deno.makeTempDir();
  try {
    const names = candidates(gpu, "down", SHAPE).map(({ name }) => name);
    const slowest = names[names.length - 1];
    const result = (version: number) => [{
      product: "down" as const,
      shape: SHAPE,
      measured: [{ name: slowest, version, ms: 1, error: 0 }],
    }];
    const { version } = candidates(gpu, "down", SHAPE).at(-1)!;
    const path = await saveTuning(gpu, folder, result(version));
    const stored = await loadTuning(gpu, folder);
    assert.deepEqual([...stored.keys()], [workKey("down", SHAPE)]);
    setKernelSelector(gpu, tunedSelector(gpu, stored));
    assert.equal(selectVariant(gpu, "down", SHAPE).name, slowest);
    const other = { ...SHAPE, batch: 3 };
    assert.equal(tunedSelector(gpu, stored)("down", other), undefined);

    await saveTuning(gpu, folder, result(version - 1));
    assert.equal(tunedSelector(gpu, await loadTuning(gpu, folder))("down", SHAPE), undefined);

    await Deno.writeTextFile(path, '{"down": [');
    assert.equal((await loadTuning(gpu, folder)).size, 0);
    await Deno.writeTextFile(path, '{"a": 3, "b": [{"name": 5}], "c": []}');
    assert.equal((await loadTuning(gpu, folder)).size, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("stored tuning is bounded: the newest results of an adapter, and the adapters tuned last", async () => {
  using gpu = await openGpu();
  const folder = await Deno.makeTempDir();
  try {
    const results = (batches: number[]) =>
      batches.map((batch) => ({
        product: "down" as const,
        shape: { ...SHAPE, batch },
        measured: [{ name: "direct", version: 1, ms: 1, error: 0 }],
      }));
    await saveTuning(gpu, folder, results(Array.from({ length: 500 }, (_, i) => 1 + i)));
    for (let i = 0; i < 20; i++) {
      const path = join(folder, "tuning", `other-${i}.json`);
      await Deno.writeTextFile(path, "{}");
      await Deno.utime(path, 1000 + i, 1000 + i);
    }
    const path = await saveTuning(gpu, folder, results([1, 600])); // 1 is measured again, 2 the oldest
    const stored = await loadTuning(gpu, folder);
    assert.equal(stored.size, 500);
    const kept = [1, 2, 3, 600].map((batch) => stored.has(workKey("down", { ...SHAPE, batch })));
    assert.deepEqual(kept, [true, false, true, true]);
    const names = (await Array.fromAsync(Deno.readDir(dirname(path)))).map(({ name }) => name);
    assert.equal(names.length, 16);
    assert.ok(names.includes(basename(path)) && names.includes("other-19.json"));
    assert.ok(!names.includes("other-4.json"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("selectVariant() names the variants there are when asked for another", async () => {
  using gpu = await openGpu();
  setKernelSelector(gpu, () => "imagined");
  assert.throws(() => selectVariant(gpu, "up", SHAPE), /no kernel variant 'imagined'.*direct/);
});
