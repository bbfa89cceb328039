/**
 * The declared commands as commander knows them.
 *
 * @module
 */

import { Argument, Command, CommanderError, Option } from "../deps/commander.ts";
import { type CommandSpec, defaultText, type OptionSpec, placeholder } from "./declare.ts";
import type { HelpStyle } from "./help_style.ts";
import { optionHelp } from "./option_help.ts";

/** commander's program, built from the declarations; usage and examples begin with `start`. */
export function commanderProgram(program: CommandSpec, start: string = program.name): Command {
  return build(program, start, start);
}

/** The command that a path of words names. */
export function findBuilt(root: Command, path: readonly string[]): Command {
  let command = root;
  for (const word of path) command = command.commands.find((sub) => sub.name() === word) ?? command;
  return command;
}

/** A command's help in commander's layout. */
export function commanderHelp(
  program: CommandSpec,
  path: readonly string[],
  { program: start, color, width }: HelpStyle,
): string {
  const command = findBuilt(commanderProgram(program, start), path);
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
}

function build(spec: CommandSpec, name: string, start: string): Command {
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
  for (const sub of spec.commands ?? []) command.addCommand(build(sub, sub.name, start));
  if (spec.examples) {
    const lines = spec.examples.map(({ does, line }) => `  ${does}:\n    ${start} ${line}`);
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
  option.negate = false; // or --no-install would be the opposite of an --install, which is then true
  if (spec.group) option.helpGroup(`${spec.group}:`);
  if (spec.type === "flag" || spec.type === "pair") return option;
  return option.argParser((given: string, before: unknown) => {
    if (spec.type === "paths") return [...(before as string[] | undefined ?? []), given];
    if (before !== undefined) throw new CommanderError(2, "twice", "given twice");
    return given;
  });
}
