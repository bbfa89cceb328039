/**
 * What a command line means: commander takes it apart, `diagnose()` words what is wrong with it.
 *
 * @module
 */

import { CommanderError } from "../deps/commander.ts";
import { commanderProgram, findBuilt } from "./commander_program.ts";
import { type CommandSpec, findCommand, type ParsedLine } from "./declare.ts";
import { diagnose, isSuspicious } from "./diagnose.ts";

/**
 * Takes a command line apart.
 *
 * @throws {UsageError} If it has an unknown command or option, or too few or many values.
 */
export function parseLine(program: CommandSpec, args: readonly string[]): ParsedLine {
  const { command, path } = findCommand(program, args);
  const early = command.commands || args.includes("--") ? diagnose(program, args) : undefined;
  if (early) throw early;
  const root = commanderProgram(program);
  try {
    root.parse([...args], { from: "user" });
  } catch (error) {
    throw error instanceof CommanderError ? diagnose(program, args) ?? error : error;
  }
  const built = findBuilt(root, path);
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
}
