/**
 * Loaded before every test file. Asked for any backend, wgpu also opens OpenGL's libraries, whose way
 * out of a thread collides now and then with the end of the process: of a run in which all tests passed,
 * one in twenty then ended with "malloc_consolidate(): invalid chunk size" and status 134.
 */
import { existsSync } from "node:fs";

const DRIVERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

if (Deno.build.os === "linux" && DRIVERS.some(existsSync)) {
  if (!Deno.env.get("DENO_WEBGPU_BACKEND")) Deno.env.set("DENO_WEBGPU_BACKEND", "vulkan");
}
