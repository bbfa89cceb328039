/**
 * What `--version` prints.
 *
 * @module
 */

import { programName } from "../host/program_name.ts";
import { VERSION } from "../host/versions.ts";
import { findAdapter } from "./setup/ensure_adapter.ts";

/** The program's version, Deno's, and the adapter. */
export async function versionText(): Promise<string> {
  const adapter = await findAdapter() ??
    `none found; \`${programName()} setup\` installs a software adapter`;
  return `facadegan ${VERSION}\ndeno ${Deno.version.deno} (v8 ${Deno.version.v8})\nadapter ${adapter}\n`;
}
