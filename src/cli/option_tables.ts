/**
 * The option tables of the README, written from the declarations: `deno task docs`.
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

const BEGIN = /<!-- options of (\w+), written by `deno task docs` -->\n/;
const END = "<!-- end of options -->";
// The formatter would pad every table anew with every change.
const UNFORMATTED = ["<!-- deno-fmt-ignore-start -->", "<!-- deno-fmt-ignore-end -->"];

/** A text whose marked places hold the tables of the commands that they name. */
export function withTables(text: string): string {
  return text.split(/(?=<!-- options of )/).map((part) => {
    const [begin, name] = BEGIN.exec(part) ?? [];
    if (begin === undefined) return part;
    const command = PROGRAM.commands?.find((command) => command.name === name);
    if (!command) throw new Error(`there is no command ${name}`);
    const rest = part.slice(part.indexOf(END));
    const [open, close] = UNFORMATTED;
    return `${begin}\n${open}\n\n${section(command, [name])}\n\n${close}\n\n${rest}`;
  }).join("");
}

if (import.meta.main) {
  const text = await Deno.readTextFile("README.md");
  await Deno.writeTextFile("README.md", withTables(text));
}
