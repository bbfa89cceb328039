/**
 * The commands in Cliffy.
 *
 * @module
 */

import type { Cliffy, CliffyCommand } from "../deps/cliffy.ts";
import {
  type CommandSpec,
  defaultText,
  findCommand,
  type OptionSpec,
  placeholder,
} from "./declare.ts";
import { diagnose, isSuspicious } from "./diagnose.ts";
import { optionHelp } from "./option_help.ts";
import type { CommandParser } from "./parser.ts";

/** Builds Cliffy's commands from the declarations. */
export function cliffyParser(cliffy: Cliffy, program: CommandSpec): CommandParser {
  return {
    library: "cliffy",
    async parse(args) {
      const { command, path } = findCommand(program, args);
      const early = command.commands || args.includes("--") ? diagnose(program, args) : undefined;
      if (early) throw early;
      const root = build(cliffy, program);
      const result = await root.parse([...args]).catch((error: unknown) => {
        throw error instanceof cliffy.ValidationError ? diagnose(program, args) ?? error : error;
      });
      const options: Record<string, string | string[] | true> = {};
      for (const { name } of command.options) {
        const value = result.options[camelCase(name)];
        if (value !== undefined) options[name] = value as string | string[] | true;
      }
      const line = { path, options, args: result.args.flat().map(String) };
      const mistake = isSuspicious(command, line) ? diagnose(program, args) : undefined;
      if (mistake) throw mistake;
      return line;
    },
    help(path, { color, width }) {
      let command: CliffyCommand = build(cliffy, program);
      command.getHelp(); // registers --help, also for the sub-commands
      for (const word of path) command = command.getCommand(word) ?? command;
      return `${command.getHelp({ colors: color, width, long: true }).trim()}\n`;
    },
  };
}

function build(cliffy: Cliffy, spec: CommandSpec): CliffyCommand {
  // The sub-commands come last: after command() Cliffy's methods speak of the sub-command.
  const command = new cliffy.Command().name(spec.name).description(description(spec))
    .throwErrors().noExit();
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
    command.example(`${does}:`, `deno task ${line}`);
  }
  for (const sub of spec.commands ?? []) command.reset().command(sub.name, build(cliffy, sub));
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

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
