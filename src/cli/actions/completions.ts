/**
 * `completions`: prints a shell's completion script.
 *
 * @module
 */

import { programName } from "../../host/program_name.ts";
import type { COMPLETIONS } from "../commands/machine.ts";
import { PROGRAM } from "../commands/mod.ts";
import { bashCompletions } from "../completions/bash.ts";
import { fishCompletions } from "../completions/fish.ts";
import { zshCompletions } from "../completions/zsh.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL } from "../terminal.ts";

const SHELLS: Readonly<Record<string, typeof bashCompletions>> = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

/** Prints the script, for the name by which the program was started. */
export function completions({ args }: Invocation<typeof COMPLETIONS>): Promise<number> {
  TERMINAL.write(SHELLS[args[0]](PROGRAM, programName()));
  return Promise.resolve(0);
}
