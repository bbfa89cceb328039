/**
 * The command line.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { readVariable } from "../files/variable.ts";
import { programName } from "../host/program_name.ts";
import { ACTIONS } from "./actions/mod.ts";
import { PROGRAM } from "./commands/mod.ts";
import { readConfigFile } from "./config_file.ts";
import { findCommand, withImpliedCommand } from "./declare.ts";
import { helpText } from "./help.ts";
import { createInvocation } from "./invocation.ts";
import { parseLine } from "./parse_line.ts";
import { type OptionFile, resolveOptions } from "./resolve.ts";
import { asOptions } from "./settings_as_options.ts";
import { TERMINAL } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Exit statuses; 130 is what shells give a program that Ctrl-C ended. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Runs a command line and gives the exit status. */
export async function main(given: readonly string[]): Promise<number> {
  const args = withImpliedCommand(PROGRAM, given);
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Of the few messages with lines of their own the others are indented: a name forges no error.
    TERMINAL.writeError(`error: ${asOptions(error.message).replaceAll("\n", "\n  ")}\n`);
    if (!(error instanceof UsageError)) return EXIT.failed;
    const { path } = findCommand(PROGRAM, args);
    TERMINAL.writeError(`Help: ${[programName(), ...path, "--help"].join(" ")}\n`);
    return EXIT.usage;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.includes("--help") || args.includes("-h")) {
    const { path } = findCommand(PROGRAM, args);
    const { color } = TERMINAL;
    const width = TERMINAL.columns() ?? 100;
    TERMINAL.writeStyled(await helpText(PROGRAM, path, { program: programName(), color, width }));
    return EXIT.ok;
  }
  // Behind any command, too: tasks begin with their command, and there is no task for none.
  if (args.includes("--version") || args.includes("-V")) {
    const { versionText } = await import("./version_text.ts");
    TERMINAL.write(await versionText());
    return EXIT.ok;
  }
  const { path, options, args: rest } = parseLine(PROGRAM, args);
  const { command } = findCommand(PROGRAM, path);
  const resolve = (file?: OptionFile) =>
    resolveOptions(command, { commandLine: options, env: readVariable, file });
  const config = command.options.some(({ name }) => name === "config")
    ? resolve().values.config as string | undefined
    : undefined;
  const file = config && { path: config, values: await readConfigFile(config) };
  const invocation = createInvocation(resolve, rest, file || undefined);
  const action = await ACTIONS[path.join(" ")]();
  return await action(invocation);
}

if (import.meta.main) {
  // Exits at once: a library that a silent network still owes us must not keep the program waiting.
  Deno.exit(await main(Deno.args));
}
