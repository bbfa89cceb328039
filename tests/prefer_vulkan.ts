/**
 * Loaded before every test file. Asked for any backend, wgpu also opens OpenGL's libraries, whose way
 * out of a thread collides now and then with the end of the process: of a run in which all tests passed,
 * one in twenty then ended with "malloc_consolidate(): invalid chunk size" and status 134.
 */
import { existsSync } from "node:fs";

const DRIVERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

function setUnset(name: string, value: string): void {
  if (!Deno.env.get(name)) Deno.env.set(name, value);
}

if (Deno.build.os === "linux" && DRIVERS.some(existsSync)) {
  setUnset("DENO_WEBGPU_BACKEND", "vulkan");
  // The lanes that every command asks for, where registers hold four (host/software_driver.ts).
  if (Deno.build.arch === "aarch64") setUnset("LP_NATIVE_VECTOR_WIDTH", "256");
}
