/**
 * Completion for bash.
 *
 * @module
 */

import type { ProgramName } from "../../host/program_name.ts";
import type { CommandSpec } from "../declare.ts";
import { completionContexts, IS_THIS_PROJECT, valueKind } from "./words.ts";

/**
 * A script that bash sources. For `deno task` it takes over `deno`'s completion and hands on whatever
 * is not a task of this project.
 */
export function bashCompletions(program: CommandSpec, startedBy: ProgramName): string {
  const { name } = program;
  const contexts = completionContexts(program);
  const words = contexts.map(({ path, commands, options, choices }) => {
    const all = [
      ...commands.map((command) => command.name),
      ...choices,
      ...options.map((option) => `--${option.name}`),
    ];
    return `    "${path.join(" ")}") words="${all.join(" ")}" ;;`;
  });
  const values = contexts.flatMap(({ path, options }) =>
    options.flatMap((option) => {
      const key = `"${path.join(" ")} --${option.name}"`;
      const kind = valueKind(option);
      if (kind === "file") return [`    ${key}) compopt -o default; return ;;`];
      if (option.type === "choice") return [`    ${key}) words="${option.choices.join(" ")}" ;;`];
      return kind === "any" ? [`    ${key}) return ;;`] : [];
    })
  );
  const paths = contexts.filter(({ path }) => path.length > 0)
    .map(({ path }) => `"${path.join(" ")}"`).join("|");
  return `# bash completion for ${name}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" words="" i next
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
    ${paths}) path="$next" ;;
    *) break ;;
    esac
  done
  COMPREPLY=()
  case "$path $previous" in
${values.join("\n")}
  *)
    case "$path" in
${words.join("\n")}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  # Arguments that are files, where no word fits.
  if ((\${#COMPREPLY[@]} == 0)) && [[ "$current" != -* ]]; then compopt -o default; fi
}
${startedBy === "deno task" ? denoTask(name) : `complete -F _${name} ${name}`}
`;
}

function denoTask(name: string): string {
  return `_${name}_deno() {
  if [[ "\${COMP_WORDS[1]}" == task ]] && ((COMP_CWORD > 1)) && ${IS_THIS_PROJECT}; then
    COMP_WORDS=("\${COMP_WORDS[@]:1}")
    COMP_CWORD=$((COMP_CWORD - 1))
    _${name}
  elif declare -F _deno > /dev/null; then
    _deno "$@"
  fi
}
complete -o default -F _${name}_deno deno`;
}
