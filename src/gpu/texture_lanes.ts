/**
 * Whether every lane of a subgroup reads what it asks a texture for. With vectors of 512 bits Mesa's
 * software adapter gives the upper half of the lanes zeros (25.0 and 26.1 do, 22.3 does not), and a
 * training on it would be wrong without a sign of it.
 *
 * @module
 */

import source from "../../shaders/texture_lanes.wgsl" with { type: "text" };
import { makeBuffer, readBack } from "./buffers.ts";
import type { Gpu } from "./device.ts";
import { makeKernel } from "./kernel.ts";
import { Program, run } from "./program.ts";

/** Has `lanes` lanes read a texel each, and looks at what they got. */
export async function everyLaneReadsTextures(gpu: Gpu, lanes: number): Promise<boolean> {
  const texels = Float32Array.from({ length: 4 * lanes }, (_, i) => i + 1);
  const texture = gpu.device.createTexture({
    label: "lanes",
    size: [lanes, 1, 2], // of one layer it would not be an array
    format: "rgba32float",
    usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.COPY_DST,
  });
  const found = makeBuffer(gpu, "lanes", 4 * lanes);
  try {
    gpu.within(() => {
      gpu.device.queue.writeTexture({ texture }, texels, {}, [lanes, 1, 1]);
      const program = new Program(gpu);
      const kernel = makeKernel(gpu, "lanes of a texture", source, { LANES: lanes });
      program.dispatch(kernel, [texture.createView({ dimension: "2d-array" }), found], [1, 1, 1]);
      run(gpu, program);
    });
    const [read] = await readBack(gpu, [found]);
    return texels.every((texel, i) => read[i] === texel);
  } finally {
    texture.destroy();
    found.buffer.destroy();
  }
}
