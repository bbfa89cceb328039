/**
 * The tables of docs/options.md, written from the declarations: `deno task docs`.
 *
 * @module
 */

import { PROGRAM } from "./commands/mod.ts";
import { type CommandSpec, defaultText, placeholder } from "./declare.ts";
import { valueRange } from "./option_help.ts";

/** A command's options as a Markdown table. */
export function optionTable(command: CommandSpec): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const code = (text: string): string => text === "" ? "" : `\`${text}\``;
  const rows = command.options.map((option) => {
    const flag = `--${option.name} ${placeholder(option)}`.trim();
    const range = valueRange(option);
    const notes = [
      option.help,
      ...(range === "" ? [] : [`(${range.replaceAll(" | ", ", ")})`]),
      ...(option.type === "paths" ? ["(may be repeated)"] : []),
    ];
    const text = defaultText(option) ?? (option.type === "flag" ? "off" : "");
    return `| ${code(flag)} | ${cell(notes.join(" "))} | ${cell(text)} | ${
      code(option.env ?? "")
    } |`;
  });
  return ["| option | what it does | default | variable |", "| --- | --- | --- | --- |", ...rows]
    .join("\n");
}

/** A command's own words, its options, and its commands below it. */
function section(command: CommandSpec, path: readonly string[]): string {
  const args = (command.arguments ?? []).map(({ name, optional, many }) =>
    optional ? ` [${name}]` : ` ${name}${many ? "..." : ""}`
  );
  const usage = `\`deno task ${path.join(" ")}${args.join("")}\`: ${command.summary}.`;
  const own = command.options.length > 0 ? [usage, optionTable(command)] : [usage];
  return [
    ...(command.commands ? [] : own),
    ...(command.commands ?? []).map((sub) => section(sub, [...path, sub.name])),
  ].join("\n\n");
}

/** Variables that no option stands for. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ["FACADEGAN_CACHE", "the folder for decoded photos, drawn facades and tuning results"],
  ["FACADEGAN_NO_SETUP", "1: no command installs a software adapter"],
  ["FACADEGAN_PYTHON", "the Python whose PyTorch `bench peers` times; else /usr/bin/python3"],
  ["FACADEGAN_VARIANT", "the kernel variant to use wherever it can: `direct`, `winograd 2x2`, ..."],
  ["NO_COLOR", "no colours anywhere"],
];

/** The page of all options: docs/options.md. */
export function optionPage(): string {
  const variables = VARIABLES.map(([name, does]) => `| \`${name}\` | ${does} |`).join("\n");
  const commands = (PROGRAM.commands ?? []).map((command) =>
    `## ${command.name}\n\n${section(command, [command.name])}`
  );
  return `# Options

Written by \`deno task docs\` from \`src/cli/commands/\`. Every option can also stand in a JSON or TOML
file (\`--config FILE\`) under its name; the command line goes before the environment, that before the
file, that before the default. Completions for bash, zsh and fish: \`deno task completions bash\`.

<!-- deno-fmt-ignore-start -->

${commands.join("\n\n")}

## Environment

| variable | what it does |
| --- | --- |
${variables}

<!-- deno-fmt-ignore-end -->
`;
}
