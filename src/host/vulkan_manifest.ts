/**
 * Which Mesa the software adapter comes from, told before an adapter is asked for: by the manifest that
 * the Vulkan loader finds the driver by. WebGPU never tells a driver's version.
 *
 * @module
 */

import { join } from "node:path";
import { readVariable } from "../files/variable.ts";

/** Where the loader looks on Linux, in its order, besides what these variables name. */
const FOLDERS = ["/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/usr/share/vulkan/icd.d"];
const VARIABLES = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];

/**
 * The Vulkan headers' version that lavapipe was made with, which grows with every release of Mesa:
 * 1.3.230 is 230. Undefined where there is no manifest of it, or none that may be read.
 */
export function lavapipeHeaderVersion(
  folders: readonly string[] = FOLDERS,
  variable: (name: string) => string | undefined = readVariable,
): number | undefined {
  const named = VARIABLES.flatMap((name) => variable(name)?.split(":") ?? []);
  const files = named.length > 0 ? named : folders.flatMap(filesOf);
  const manifest = files.find((file) => NAME.test(file));
  return manifest === undefined ? undefined : headerVersion(manifest);
}

/** Its names, with the architecture before Mesa 25; 32-bit programs have one of their own. */
const NAME = new RegExp(`(^|/)lvp_icd(\\.${Deno.build.arch})?\\.json$`);

function filesOf(folder: string): string[] {
  if (!mayRead(folder)) return [];
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => join(folder, name));
  } catch {
    return []; // not here
  }
}

function headerVersion(file: string): number | undefined {
  if (!mayRead(file)) return undefined;
  try {
    const version = JSON.parse(Deno.readTextFileSync(file)).ICD.api_version;
    const [, patch] = /^\d+\.\d+\.(\d+)$/.exec(version) ?? [];
    return patch === undefined ? undefined : Number(patch);
  } catch {
    return undefined; // not what the loader reads either
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}
