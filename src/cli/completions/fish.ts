/**
 * Completion for fish.
 *
 * @module
 */

import type { ProgramName } from "../../host/program_name.ts";
import type { CommandSpec } from "../declare.ts";
import { completionContexts, IS_THIS_PROJECT, valueKind } from "./words.ts";

/** A script for fish's completions folder; for `deno task` it adds to whatever completes `deno`. */
export function fishCompletions(program: CommandSpec, startedBy: ProgramName): string {
  const { name } = program;
  const task = startedBy === "deno task";
  const [completed, condition] = task
    ? ["deno", `__fish_seen_subcommand_from task; and ${IS_THIS_PROJECT}; and `]
    : [name, ""];
  const top = task
    ? `not __fish_seen_subcommand_from ${program.commands?.map(({ name }) => name).join(" ")}`
    : "__fish_use_subcommand";
  const lines = [
    `# fish completion for ${name}`,
    task
      ? `complete -c deno -n ${quote(condition.slice(0, -"; and ".length))} -f`
      : `complete -c ${name} -f`,
  ];
  for (const { path, commands, options, choices } of completionContexts(program)) {
    const names = commands.map((command) => command.name);
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const here = [
      ...(path.length > 0 ? seen : [top]),
      ...(path.length > 0 && names.length > 0
        ? [`not __fish_seen_subcommand_from ${names.join(" ")}`]
        : []),
    ].join("; and ");
    const at = `complete -c ${completed} -n ${quote(condition + here)}`;
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
