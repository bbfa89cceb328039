/**
 * Cliffy where it can be loaded, commander elsewhere.
 *
 * @module
 */

import { loadCliffy } from "../deps/cliffy.ts";
import { cliffyParser } from "./cliffy_parser.ts";
import { commanderParser } from "./commander_parser.ts";
import type { CommandSpec } from "./declare.ts";
import type { CommandParser } from "./parser.ts";

/** The best parser at hand. */
export async function chooseParser(program: CommandSpec): Promise<CommandParser> {
  const cliffy = await loadCliffy().catch(() => undefined); // JSR is out of reach
  return cliffy ? cliffyParser(cliffy, program) : commanderParser(program);
}
