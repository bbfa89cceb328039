/**
 * Completion for zsh.
 *
 * @module
 */

import type { CommandSpec, OptionSpec } from "../declare.ts";
import { type CompletionContext, completionContexts, valueKind } from "./words.ts";

/** A script for a folder of zsh's fpath, or to be sourced after compinit. */
export function zshCompletions(program: CommandSpec): string {
  const functions = completionContexts(program).map((context) =>
    contextFunction(program.name, context)
  );
  return `#compdef ${program.name}
# zsh completion for ${program.name}
${functions.join("\n")}
compdef _${program.name} ${program.name}
`;
}

function contextFunction(name: string, context: CompletionContext): string {
  const { path, commands, options, choices } = context;
  const functionName = `_${[name, ...path].join("_")}`;
  const specs = options.map((option) => `    ${optionSpec(option)}`);
  if (commands.length === 0) {
    const rest = choices.length > 0 ? `'1:argument:(${choices.join(" ")})'` : `'*:file:_files'`;
    return `${functionName}() {
  _arguments \\
${[...specs, `    ${rest}`].join(" \\\n")}
}`;
  }
  const list = commands.map((command) => `    ${quote(`${command.name}:${command.summary}`)}`);
  const cases = commands.map((command) =>
    `    ${command.name}) ${functionName}_${command.name} ;;`
  );
  return `${functionName}() {
  local -a commands=(
${list.join("\n")}
  )
  local context state line
  _arguments -C \\
${specs.join(" \\\n")} \\
    '1: :->command' \\
    '*:: :->rest'
  case $state in
  command) _describe command commands ;;
  rest)
    case $line[1] in
${cases.join("\n")}
    esac ;;
  esac
}`;
}

function optionSpec(option: OptionSpec): string {
  const kind = valueKind(option);
  const action = option.type === "choice"
    ? `:value:(${option.choices.join(" ")})`
    : kind === "file"
    ? ":file:_files"
    : kind === "any"
    ? ":value: "
    : "";
  const repeat = option.type === "paths" ? "*" : "";
  const help = option.help.replace(/[[\]:]/g, "\\$&");
  return quote(`${repeat}--${option.name}[${help}]${action}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
