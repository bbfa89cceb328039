/**
 * An option in one line of help.
 *
 * @module
 */

import type { OptionSpec } from "./declare.ts";
import { describe } from "./values.ts";

/** What an option does, which values it takes and which variable sets it. */
export function optionHelp(option: OptionSpec): string {
  const range = valueRange(option);
  const notes = [
    ...(range === "" ? [] : [range]),
    ...(option.env ? [`env: ${option.env}`] : []),
    ...(option.type === "paths" ? ["may be repeated"] : []),
  ];
  return notes.length > 0 ? `${option.help} [${notes.join("; ")}]` : option.help;
}

/** The values an option takes, in words; empty where any text does. */
export function valueRange(option: OptionSpec): string {
  switch (option.type) {
    case "integer":
    case "number":
    case "integers":
    case "numbers":
    case "pair":
      return describe(option).replace(/^an? /, "");
    case "choice":
      return option.choices.join(" | ");
    default:
      return "";
  }
}
