/**
 * Help as Cliffy lays it out.
 *
 * @module
 */

import type { Cliffy, CliffyCommand } from "../deps/cliffy.ts";
import { type CommandSpec, defaultText, type OptionSpec, placeholder } from "./declare.ts";
import type { HelpStyle } from "./help_style.ts";
import { optionHelp } from "./option_help.ts";

/** A command's help in Cliffy's layout. */
export function cliffyHelp(
  cliffy: Cliffy,
  program: CommandSpec,
  path: readonly string[],
  { program: start, color, width }: HelpStyle,
): string {
  let command = build(cliffy, { ...program, name: start }, start);
  command.getHelp(); // registers --help, also for the sub-commands
  for (const word of path) command = command.getCommand(word) ?? command;
  return `${command.getHelp({ colors: color, width, long: true }).trim()}\n`;
}

function build(cliffy: Cliffy, spec: CommandSpec, start: string): CliffyCommand {
  // The sub-commands come last: after command() Cliffy's methods speak of the sub-command.
  const command = new cliffy.Command().name(spec.name).description(description(spec));
  for (const { name, help, optional, many } of spec.arguments ?? []) {
    const inner = `${name}${many ? "..." : ""}:string`;
    command.argument(optional ? `[${inner}]` : `<${inner}>`, help);
  }
  let group: string | undefined;
  for (const option of spec.options) {
    if (option.group && option.group !== group) command.group(group = option.group);
    command.option(flags(option), optionHelp(option), settings(option));
  }
  for (const { does, line } of spec.examples ?? []) {
    command.example(`${does}:`, `${start} ${line}`);
  }
  for (const sub of spec.commands ?? []) {
    command.reset().command(sub.name, build(cliffy, sub, start));
  }
  return command.reset();
}

/** The summary alone in its first line: that is what Cliffy lists below the parent. */
function description({ summary, details }: CommandSpec): string {
  return details ? `${summary}.\n\n${details}` : summary;
}

function flags(option: OptionSpec): string {
  const value = placeholder(option).replaceAll(/\w(?=[>\]])/g, "$&:string");
  return `${option.short ? `-${option.short}, ` : ""}--${option.name} ${value}`.trim();
}

function settings(option: OptionSpec): { defaultText?: string; collect?: boolean } {
  const text = defaultText(option);
  return {
    ...(text === undefined ? {} : { defaultText: text }),
    ...(option.type === "paths" ? { collect: true } : {}),
  };
}
