/**
 * What people are told of an adapter.
 *
 * @module
 */

import type { AdapterSummary } from "../gpu/device.ts";
import { requestedBackend } from "../host/backend.ts";
import { programName } from "../host/program_name.ts";

/** An adapter's name and the backend it is reached through. */
export function adapterInWords(
  { name, backend }: Pick<AdapterSummary, "name" | "backend">,
): string {
  return backend ? `${name}, ${backend}` : name;
}

/** What to say of a backend that costs most of the speed; undefined where it does not, or was asked for. */
export function slowBackend({ backend }: Pick<AdapterSummary, "backend">): string | undefined {
  if (backend !== "OpenGL" || requestedBackend() === "OpenGL") return undefined;
  return "this adapter is reached through OpenGL; through Vulkan a step is about five times as " +
    `fast: \`${programName()} setup\` installs the driver, or says how`;
}
