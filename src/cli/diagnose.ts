/**
 * Saying in one sentence what is wrong with a command line, from the declarations alone. commander
 * misses the point of some mistakes (it takes `--width` for the value in `--batch --width 8`).
 *
 * @module
 */

import {
  type CommandSpec,
  findCommand,
  type OptionSpec,
  type ParsedLine,
  placeholder,
} from "./declare.ts";
import { synonymHint } from "./synonyms.ts";
import { didYouMean, UsageError } from "./usage_error.ts";
import { listWords } from "./values.ts";

/** The first mistake in a command line; undefined where there is none. */
export function diagnose(program: CommandSpec, line: readonly string[]): UsageError | undefined {
  const { command, path } = findCommand(program, line);
  const rest = line.slice(path.length);
  const called = path.length > 0 ? `"${path.join(" ")}"` : program.name;
  if (command.commands) {
    const names = command.commands.map(({ name }) => name);
    const word = rest.find((argument) => !argument.startsWith("-"));
    if (word !== undefined) {
      return new UsageError(`There is no command "${word}".${didYouMean(word, names)}`);
    }
    const flag = rest.find((argument) => !findOption(command, argument));
    if (flag !== undefined) return unknownOption(flag, called, command);
    if (rest.length > 0) return undefined;
    return new UsageError(`${called} needs a command: ${listWords(names)}.`);
  }
  const args: string[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < rest.length; at++) {
    if (!rest[at].startsWith("-") || rest[at] === "-") {
      args.push(rest[at]);
      continue;
    }
    const [flag, attached] = splitAtEquals(rest[at]);
    const option = findOption(command, flag);
    if (!option) return unknownOption(flag, called, command);
    if (seen.has(option.name) && option.type !== "paths") {
      return new UsageError(`${flag} is given twice.`);
    }
    seen.add(option.name);
    if (option.type === "flag") {
      if (attached !== undefined) return new UsageError(`${flag} takes no value.`);
      continue;
    }
    let missing = option.type === "pair" ? 2 : 1;
    if (attached !== undefined) missing--;
    const isValue = (text: string | undefined): boolean =>
      text !== undefined && !text.startsWith("--");
    if (option.type === "optional-path") {
      if (missing > 0 && isValue(rest[at + 1])) at++;
      continue;
    }
    for (; missing > 0; missing--) {
      if (!isValue(rest[++at])) {
        return new UsageError(`${flag} needs a value: ${flag} ${placeholder(option)}.`);
      }
    }
  }
  return checkArguments(command, called, args);
}

/** The mistakes that commander lets through: a flag taken for a value or an argument. */
export function isSuspicious(command: CommandSpec, { options, args }: ParsedLine): boolean {
  if (checkArguments(command, "", args)) return true;
  if (args.some((argument) => argument.startsWith("-") && argument !== "-")) return true;
  const isFlag = (value: string): boolean => value.startsWith("--");
  return command.options.some((option: OptionSpec) => {
    const value = options[option.name];
    if (value === undefined || value === true) return false;
    if (typeof value === "string") return isFlag(value);
    return value.some(isFlag) || (option.type === "pair" && value.length !== 2);
  });
}

function checkArguments(
  command: CommandSpec,
  called: string,
  args: readonly string[],
): UsageError | undefined {
  const specs = command.arguments ?? [];
  const missing = specs.slice(args.length).find((spec) => !spec.optional);
  if (missing) return new UsageError(`${called} needs <${missing.name}>: ${missing.help}.`);
  if (args.length > specs.length && !specs.at(-1)?.many) {
    const extra = args[specs.length];
    return new UsageError(`${called} does not take "${extra}".`);
  }
  for (const [i, argument] of args.entries()) {
    const { name, choices } = specs[Math.min(i, specs.length - 1)];
    if (!choices || choices.includes(argument)) continue;
    const hint = didYouMean(argument, choices);
    return new UsageError(`<${name}> is ${listWords(choices)}, got "${argument}".${hint}`);
  }
  return undefined;
}

function findOption(command: CommandSpec, flag: string): OptionSpec | undefined {
  return command.options.find(({ name, short }) => flag === `--${name}` || flag === `-${short}`);
}

function unknownOption(flag: string, called: string, command: CommandSpec): UsageError {
  const flags = command.options.map(({ name }) => `--${name}`);
  const [given] = splitAtEquals(flag);
  const hint = synonymHint(given, command) || didYouMean(given, flags);
  return new UsageError(`${called} has no option ${given}.${hint}`);
}

function splitAtEquals(flag: string): [string, string | undefined] {
  const at = flag.indexOf("=");
  return at < 0 ? [flag, undefined] : [flag.slice(0, at), flag.slice(at + 1)];
}
