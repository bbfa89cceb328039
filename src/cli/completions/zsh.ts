/**
 * Completion for zsh.
 *
 * @module
 */

import type { ProgramName } from "../../host/program_name.ts";
import type { CommandSpec, OptionSpec } from "../declare.ts";
import { type CompletionContext, completionContexts, IS_THIS_PROJECT, valueKind } from "./words.ts";

/**
 * A script for a folder of zsh's fpath, or to be sourced after compinit. For `deno task` it takes over
 * `deno`'s completion and hands on whatever is not a task of this project.
 */
export function zshCompletions(program: CommandSpec, startedBy: ProgramName): string {
  const { name } = program;
  const completed = startedBy === "deno task" ? "deno" : name;
  const functions = completionContexts(program).map((context) => contextFunction(name, context));
  return `#compdef ${completed}
# zsh completion for ${name}
${functions.join("\n")}
${startedBy === "deno task" ? denoTask(name) : `compdef _${name} ${name}`}
`;
}

function denoTask(name: string): string {
  return `_${name}_deno() {
  if [[ "\${words[2]}" == task ]] && ((CURRENT > 2)) && ${IS_THIS_PROJECT}; then
    shift words
    ((CURRENT--))
    _${name}
  elif ((\${+functions[_deno]})) || autoload +X _deno 2> /dev/null; then
    _deno "$@"
  else
    _files
  fi
}
compdef _${name}_deno deno`;
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
