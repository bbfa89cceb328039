/**
 * One value per option: the command line's, else the environment's, else the `--config` file's,
 * else the default.
 *
 * @module
 */

import type { CommandSpec } from "./declare.ts";
import { didYouMean, UsageError } from "./usage_error.ts";
import { checkValue } from "./values.ts";

/** Where options come from, the strongest first. */
export interface OptionSources {
  /** Given on the command line, by the option's name. */
  readonly commandLine: Readonly<Record<string, unknown>>;
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** A parsed `--config` file. */
  readonly config?: { readonly path: string; readonly values: Readonly<Record<string, unknown>> };
}

/** The values of a command's options, and the names of those that were given by someone. */
export interface ResolvedOptions {
  /** Values by the option's name; flags are false where not given. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The options that are not at their default because nobody gave them. */
  readonly given: ReadonlySet<string>;
}

/**
 * Resolves and checks all options of a command.
 *
 * @throws {UsageError} If a value is bad or the file has a key that is no option.
 */
export function resolveOptions(command: CommandSpec, sources: OptionSources): ResolvedOptions {
  const { commandLine, env, config } = sources;
  const names = command.options.map(({ name }) => name).filter((name) => name !== "config");
  for (const key of Object.keys(config?.values ?? {})) {
    if (names.includes(key)) continue;
    throw new UsageError(
      `${config?.path}: ${command.name} has no option "${key}".${didYouMean(key, names)}`,
    );
  }
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  for (const option of command.options) {
    const variable = option.env === undefined ? undefined : env(option.env);
    const [value, label] = commandLine[option.name] !== undefined
      ? [commandLine[option.name], `--${option.name}`]
      : variable !== undefined && variable !== ""
      ? [variable, `the environment variable ${option.env}`]
      : [config?.values[option.name], `${config?.path}: "${option.name}"`];
    if (value !== undefined && value !== null) {
      values[option.name] = checkValue(option, value, label);
      given.add(option.name);
    } else {
      values[option.name] = option.default ?? (option.type === "flag" ? false : undefined);
    }
  }
  return { values, given };
}
