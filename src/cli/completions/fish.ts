/**
 * Completion for fish.
 *
 * @module
 */

import type { CommandSpec } from "../declare.ts";
import { completionContexts, valueKind } from "./words.ts";

/** A script for fish's completions folder. */
export function fishCompletions(program: CommandSpec): string {
  const { name } = program;
  const lines = [`# fish completion for ${name}`, `complete -c ${name} -f`];
  for (const { path, commands, options, choices } of completionContexts(program)) {
    const names = commands.map((command) => command.name);
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const here = [
      ...(path.length > 0 ? seen : ["__fish_use_subcommand"]),
      ...(path.length > 0 && names.length > 0
        ? [`not __fish_seen_subcommand_from ${names.join(" ")}`]
        : []),
    ].join("; and ");
    const at = `complete -c ${name} -n ${quote(here)}`;
    for (const command of commands) {
      lines.push(`${at} -a ${command.name} -d ${quote(command.summary)}`);
    }
    if (choices.length > 0) lines.push(`${at} -a ${quote(choices.join(" "))}`);
    for (const option of options) {
      const kind = valueKind(option);
      const value = option.type === "choice"
        ? ` -x -a ${quote(option.choices.join(" "))}`
        : kind === "file"
        ? " -r -F"
        : kind === "any"
        ? " -x"
        : "";
      const short = option.short ? ` -s ${option.short}` : "";
      lines.push(`${at} -l ${option.name}${short}${value} -d ${quote(option.help)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
