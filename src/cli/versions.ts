/**
 * Versions of everything that decides what a run computes.
 *
 * @module
 */

import project from "../../deno.json" with { type: "json" };
import { programName } from "../host/program_name.ts";
import { findAdapter } from "./setup/ensure_adapter.ts";

/** Our version. */
export const VERSION: string = project.version;

/** The versions that config.json records. */
export const VERSIONS: Readonly<Record<string, string>> = {
  facadegan: VERSION,
  deno: Deno.version.deno,
  v8: Deno.version.v8,
  typescript: Deno.version.typescript,
};

/** What `--version` prints. */
export async function versionText(): Promise<string> {
  const adapter = await findAdapter() ??
    `none found; \`${programName()} setup\` installs a software adapter`;
  return `facadegan ${VERSION}\ndeno ${Deno.version.deno} (v8 ${Deno.version.v8})\nadapter ${adapter}\n`;
}
