/**
 * What shells can complete, gathered from the declarations.
 *
 * @module
 */

import type { CommandSpec, OptionSpec } from "../declare.ts";

/**
 * What a line of the shell reads to learn whether `deno task` means this project's tasks: the shell
 * stands in its folder.
 */
export const IS_THIS_PROJECT = `grep -qs '"@facadegan/facadegan"' deno.json`;

/** What may follow a command's words. */
export interface CompletionContext {
  /** The command's words, `dataset synth`; empty for the program. */
  readonly path: readonly string[];
  /** Its sub-commands. */
  readonly commands: readonly CommandSpec[];
  /** Its options, `--help` included. */
  readonly options: readonly OptionSpec[];
  /** The words its first argument can be; empty where any will do. */
  readonly choices: readonly string[];
}

const HELP: OptionSpec = { name: "help", short: "h", type: "flag", help: "show this help" };

/** The contexts of a program and all its commands, the program first. */
export function completionContexts(
  spec: CommandSpec,
  path: readonly string[] = [],
): CompletionContext[] {
  return [
    {
      path,
      commands: spec.commands ?? [],
      options: [...spec.options, HELP],
      choices: spec.arguments?.[0]?.choices ?? [],
    },
    ...(spec.commands ?? []).flatMap((sub) => completionContexts(sub, [...path, sub.name])),
  ];
}

/** What completes an option's value. */
export function valueKind(option: OptionSpec): "none" | "file" | "choice" | "any" {
  if (option.type === "flag") return "none";
  if (option.type === "choice") return "choice";
  return /path/.test(option.type) ? "file" : "any";
}
