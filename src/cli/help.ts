/**
 * A command's help: Cliffy lays it out where set-up found it, commander elsewhere.
 *
 * @module
 */

import { loadCliffy } from "../deps/cliffy.ts";
import { cliffyHelp } from "./cliffy_help.ts";
import { commanderHelp } from "./commander_program.ts";
import type { CommandSpec } from "./declare.ts";
import type { HelpStyle } from "./help_style.ts";
import { cliffyIsThere } from "./setup/cliffy_record.ts";

// Long enough for a module in Deno's cache; a cache emptied since set-up must not keep anyone waiting.
const PATIENCE_MS = 500;

/** The help of the command that a path of words names. */
export async function helpText(
  program: CommandSpec,
  path: readonly string[],
  style: HelpStyle,
): Promise<string> {
  const cliffy = cliffyIsThere() ? await loadCliffy(PATIENCE_MS).catch(() => undefined) : undefined;
  return cliffy ? cliffyHelp(cliffy, program, path, style) : commanderHelp(program, path, style);
}
