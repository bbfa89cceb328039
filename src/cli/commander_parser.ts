/**
 * The same commands in commander, for where Cliffy cannot be loaded.
 *
 * @module
 */

import { Argument, Command, CommanderError, Option } from "../deps/commander.ts";
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

/** Builds commander's commands from the declarations. */
export function commanderParser(program: CommandSpec): CommandParser {
  return {
    library: "commander",
    async parse(args) {
      const { command, path } = findCommand(program, args);
      const early = command.commands || args.includes("--") ? diagnose(program, args) : undefined;
      if (early) throw early;
      const root = build(program, program.name);
      try {
        await root.parseAsync([...args], { from: "user" });
      } catch (error) {
        throw error instanceof CommanderError ? diagnose(program, args) ?? error : error;
      }
      let built = root;
      for (const word of path) built = built.commands.find((sub) => sub.name() === word) ?? built;
      const given = built.opts<Record<string, string | string[] | true>>();
      const options: Record<string, string | string[] | true> = {};
      for (const option of built.options) {
        const value = given[option.attributeName()];
        if (value !== undefined) options[option.name()] = value;
      }
      const line = { path, options, args: built.args };
      const mistake = isSuspicious(command, line) ? diagnose(program, args) : undefined;
      if (mistake) throw mistake;
      return line;
    },
    help(path, { color, width }) {
      let command = build(program, program.name);
      for (const word of path) {
        command = command.commands.find((sub) => sub.name() === word) ?? command;
      }
      const paint = (code: number) => (text: string) =>
        color && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
      command.configureHelp({
        helpWidth: width,
        styleTitle: paint(1),
        styleOptionText: paint(36),
        styleSubcommandText: paint(36),
        styleArgumentText: paint(33),
      });
      return command.helpInformation();
    },
  };
}

function build(spec: CommandSpec, name: string): Command {
  const command = new Command(name)
    .description(spec.details ?? spec.summary)
    .summary(spec.summary)
    .helpCommand(false)
    .enablePositionalOptions() // or --version would be taken behind any command, and lost
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {}, getOutHasColors: () => true })
    .action(() => {});
  for (const { name, help, optional, many } of spec.arguments ?? []) {
    const inner = `${name}${many ? "..." : ""}`;
    command.addArgument(new Argument(optional ? `[${inner}]` : `<${inner}>`, help));
  }
  for (const option of spec.options) command.addOption(buildOption(option));
  for (const sub of spec.commands ?? []) command.addCommand(build(sub, sub.name));
  if (spec.examples) {
    const lines = spec.examples.map(({ does, line }) => `  ${does}:\n    deno task ${line}`);
    const information = command.helpInformation.bind(command);
    command.helpInformation = () => `${information()}\nExamples:\n${lines.join("\n")}\n`;
  }
  return command;
}

function buildOption(spec: OptionSpec): Option {
  // Two values are one variadic option to commander.
  const value = spec.type === "pair" ? "<N...>" : placeholder(spec);
  const flags = `${spec.short ? `-${spec.short}, ` : ""}--${spec.name} ${value}`.trim();
  const text = defaultText(spec);
  const description = optionHelp(spec) + (text === undefined ? "" : ` (default: ${text})`);
  const option = new Option(flags, description);
  if (spec.group) option.helpGroup(`${spec.group}:`);
  if (spec.type === "flag" || spec.type === "pair") return option;
  return option.argParser((given: string, before: unknown) => {
    if (spec.type === "paths") return [...(before as string[] | undefined ?? []), given];
    if (before !== undefined) throw new CommanderError(2, "twice", "given twice");
    return given;
  });
}
