import assert from "node:assert/strict";
import { makeBuffer } from "../src/gpu/buffers.ts";
import { Gpu, openGpu } from "../src/gpu/device.ts";
import { dryGpu } from "../src/gpu/dry_device.ts";
import { Program } from "../src/gpu/program.ts";
import { trainingWork } from "../src/model/layers.ts";
import { builtInVariant, candidates } from "../src/ops/conv/selection.ts";
import { Workspace } from "../src/ops/conv/workspace.ts";
import { DIFF_AUGMENTS } from "../src/ops/diff_augment.ts";
import { checkSettings } from "../src/train/settings.ts";
import { makeTrainerState } from "../src/train/state.ts";

/** What WebGPU grants on every adapter. */
const GUARANTEED = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 128 << 20,
  maxTextureDimension2D: 8192,
  maxTextureArrayLayers: 256,
};

const SCALARS: Readonly<Record<string, number>> = { f32: 4, u32: 4, i32: 4, f16: 2 };

/** Bytes of a WGSL type as workgroup memory holds it. */
function bytesOf(type: string, aliases: ReadonlyMap<string, string>): number {
  const name = type.trim();
  const alias = aliases.get(name);
  if (alias) return bytesOf(alias, aliases);
  if (SCALARS[name]) return SCALARS[name];
  const short = /^vec([234])(f|u|i)$/.exec(name);
  if (short) return (short[1] === "2" ? 2 : 4) * 4;
  const vector = /^vec([234])<(\w+)>$/.exec(name);
  if (vector) return (vector[1] === "2" ? 2 : 4) * SCALARS[vector[2]];
  const array = /^array<(.*), *(\d+)>$/.exec(name);
  assert.ok(array, `a type this test does not know: ${name}`);
  return Number(array[2]) * bytesOf(array[1], aliases);
}

/** What a pipeline's text asks of an adapter. */
function demands(code: string): { workgroupBytes: number; invocations: number; buffers: number } {
  const aliases = new Map(
    [...code.matchAll(/^alias (\w+) = (.+);/gm)].map(([, name, type]) => [name, type] as const),
  );
  const size = /@workgroup_size\(([^)]*)\)/.exec(code)!;
  return {
    workgroupBytes: [...code.matchAll(/var<workgroup> \w+: (.+);/g)]
      .reduce((sum, [, type]) => sum + bytesOf(type, aliases), 0),
    invocations: size[1].split(",").reduce((product, n) => product * Number(n), 1),
    buffers: [...code.matchAll(/var<storage/g)].length,
  };
}

Deno.test("no pipeline asks for more than WebGPU grants everywhere, where that is all there is", async () => {
  using opened = await openGpu();
  for (const software of [false, true]) {
    const limits = { ...opened.summary.limits, ...GUARANTEED };
    // Only the texts count here; compiling them takes half a minute.
    const { gpu } = dryGpu({ summary: { ...opened.summary, software, limits } });
    for (const loss of ["ls", "bce"] as const) {
      makeTrainerState(gpu, checkSettings({ batch: 4, width: 16, loss }));
    }
    const augmented = { diffAugment: DIFF_AUGMENTS.join(), instanceNoise: 0.1 };
    makeTrainerState(gpu, checkSettings({ batch: 4, width: 16, ...augmented }));
    makeTrainerState(gpu, checkSettings({ batch: 4, width: 16, normD: "spectral" }));
    for (const { product, shape } of trainingWork({ size: 64, width: 64, nz: 100 }, 16)) {
      const floats = shape.batch * shape.height * shape.width * 4 * shape.big;
      const [big, small, weight] = [floats, floats, 16 * shape.big * shape.small].map((count) =>
        makeBuffer(gpu, "operand", count)
      );
      const workspace = new Workspace(gpu);
      for (const half of [false, true]) {
        for (const variant of candidates(gpu, product, { ...shape, half })) {
          const program = new Program(gpu);
          const epilogue = { activation: "none", accumulate: false } as const;
          variant.record(program, workspace, { ...shape, half }, { big, small, weight }, epilogue);
        }
      }
      workspace.destroy();
      for (const { buffer } of [big, small, weight]) buffer.destroy();
    }
    assert.ok(gpu.pipelines.size > 60, `only ${gpu.pipelines.size} pipelines seen`);
    for (const code of gpu.pipelines.keys()) {
      const { workgroupBytes, invocations, buffers } = demands(code);
      const what = code.slice(0, 200);
      assert.ok(workgroupBytes <= 16384, `${workgroupBytes} bytes of workgroup memory: ${what}`);
      assert.ok(invocations <= 256, `${invocations} invocations: ${what}`);
      assert.ok(buffers <= 8, `${buffers} storage buffers: ${what}`);
    }
  }
});

Deno.test("a GPU with the least workgroup memory still gets a tile, not the kernel of last resort", async () => {
  using opened = await openGpu();
  const limits = { ...opened.summary.limits, ...GUARANTEED };
  const gpu = new Gpu(opened.device, { ...opened.summary, software: false, limits });
  for (const { product, shape } of trainingWork({ size: 64, width: 64, nz: 100 }, 64)) {
    const { name } = builtInVariant(gpu, product, shape);
    assert.match(name, /^(tiled|pictures)/, `${product} of ${JSON.stringify(shape)}: ${name}`);
  }
});
