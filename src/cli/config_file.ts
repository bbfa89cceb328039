/**
 * `--config FILE`: options from a JSON or TOML file, by the names of the flags.
 *
 * @module
 */

import { parseToml, TomlError } from "../deps/toml.ts";
import { UserError } from "../errors.ts";
import { whyUnreadable } from "../files/read_error.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Reads the options of a file. A run's config.json serves too: its options are those of the run.
 *
 * @throws {UserError} If the file cannot be read or parsed.
 */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const read = await Deno.readTextFile(path).catch((error) => {
    throw new UserError(
      error instanceof Deno.errors.NotFound
        ? `there is no config file ${path}`
        : `cannot read the config file ${path}: ${whyUnreadable(error)}`,
    );
  });
  const text = read.replace(/^\uFEFF/, ""); // Windows editors put a byte order mark there
  let content: unknown;
  try {
    content = path.toLowerCase().endsWith(".toml") ? parseToml(text) : JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message.split("\n")[0].replace("Invalid TOML document: ", "") +
      (error instanceof TomlError ? ` (line ${error.line})` : "");
    throw new UsageError(`${path} is not valid ${/toml$/i.test(path) ? "TOML" : "JSON"}: ${why}`);
  }
  if (!isTable(content)) throw new UsageError(`${path} must hold options by name`);
  return { ...(isTable(content.options) ? content.options : content) };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
