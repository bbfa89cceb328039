/**
 * What the user types before a command's name.
 *
 * @module
 */

import { readVariable } from "../files/variable.ts";

/** How a user starts the program: the tasks of a checkout, or the installed command. */
export type ProgramName = "deno task" | "facadegan";

/** The way this process was started; the tasks in deno.json say so by FACADEGAN_TASK. */
export function programName(): ProgramName {
  return readVariable("FACADEGAN_TASK") ? "deno task" : "facadegan";
}
