/**
 * Which of the system's interfaces to the GPU an adapter is reached through. WebGPU does not say, so it is
 * told by what else is known.
 *
 * @module
 */

import { readVariable } from "../files/variable.ts";
import type { Backend } from "../gpu/device.ts";

/** Deno's names for them, as DENO_WEBGPU_BACKEND takes them. */
const REQUESTS: Readonly<Record<string, Backend>> = {
  vulkan: "Vulkan",
  gl: "OpenGL",
  opengl: "OpenGL",
  gles: "OpenGL",
  metal: "Metal",
  dx12: "Direct3D 12",
};

/** What Deno gives as the sizes of subgroups where an interface tells none: OpenGL's. */
const UNTOLD = [4, 128];

/** The backend of an adapter; undefined where it cannot be told. */
export function backendOf(
  info: Pick<GPUAdapterInfo, "subgroupMinSize" | "subgroupMaxSize">,
  os: typeof Deno.build.os = Deno.build.os,
  request: Backend | null = requestedBackend() ?? null,
): Backend | undefined {
  if (request) return request;
  if (os === "darwin") return "Metal";
  if (os === "windows") return undefined; // Direct3D 12, or Vulkan where that has the faster adapter
  return info.subgroupMinSize === UNTOLD[0] && info.subgroupMaxSize === UNTOLD[1]
    ? "OpenGL"
    : "Vulkan";
}

/** The backend that the user asks for by DENO_WEBGPU_BACKEND, if it is one alone. */
export function requestedBackend(): Backend | undefined {
  return REQUESTS[readVariable("DENO_WEBGPU_BACKEND")?.toLowerCase() ?? ""];
}
