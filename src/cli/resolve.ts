/**
 * One value per option: the command line's, else the environment's, else the `--config` file's,
 * else the default.
 *
 * @module
 */

import type { CommandSpec } from "./declare.ts";
import { didYouMean, UsageError } from "./usage_error.ts";
import { checkValue } from "./values.ts";

/** Who gave an option. */
export type OptionSource = "command line" | "environment" | "file";

/** The options of a parsed `--config` file or of a run. */
export interface OptionFile {
  /** How messages call it. */
  readonly path: string;
  /** Values by the option's name. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Where options come from, the strongest first. */
export interface OptionSources {
  /** Given on the command line, by the option's name. */
  readonly commandLine: Readonly<Record<string, unknown>>;
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Options of a file. */
  readonly file?: OptionFile | undefined;
}

/** The values of a command's options, and who gave them. */
export interface ResolvedOptions {
  /** Values by the option's name; flags are false where not given. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Who gave an option; those at their default are missing. */
  readonly given: ReadonlyMap<string, OptionSource>;
}

/**
 * Resolves and checks all options of a command.
 *
 * @throws {UsageError} If a value is bad or the file has a key that is no option.
 */
export function resolveOptions(command: CommandSpec, sources: OptionSources): ResolvedOptions {
  const { commandLine, env, file } = sources;
  const names = command.options.map(({ name }) => name).filter((name) => name !== "config");
  for (const key of Object.keys(file?.values ?? {})) {
    if (names.includes(key)) continue;
    throw new UsageError(
      `${file?.path}: ${command.name} has no option "${key}".${didYouMean(key, names)}`,
    );
  }
  for (const option of command.options) {
    if (!("output" in option && option.output) || file?.values[option.name] === undefined) continue;
    throw new UsageError(
      `${file.path}: "${option.name}" says where to write, which only the command line may: ` +
        `take it out and give --${option.name}.`,
    );
  }
  const values: Record<string, unknown> = {};
  const given = new Map<string, OptionSource>();
  for (const option of command.options) {
    const { name } = option;
    const variable = option.env === undefined ? "" : env(option.env) ?? "";
    const candidates: [unknown, OptionSource, string][] = [
      [commandLine[name], "command line", `--${name}`],
      [variable || undefined, "environment", `the environment variable ${option.env}`],
      [file?.values[name] ?? undefined, "file", `${file?.path}: "${name}"`],
    ];
    const found = candidates.find(([value]) => value !== undefined);
    if (found) {
      const [value, source, label] = found;
      values[name] = checkValue(option, value, label);
      given.set(name, source);
    } else {
      values[name] = option.default ?? (option.type === "flag" ? false : undefined);
    }
  }
  return { values, given };
}
