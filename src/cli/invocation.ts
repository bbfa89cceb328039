/**
 * What an action gets: the options and arguments of its command, checked.
 *
 * @module
 */

import type { CommandSpec, OptionsOf } from "./declare.ts";
import type { OptionFile, OptionSource, ResolvedOptions } from "./resolve.ts";

/** A command with its options and arguments. */
export interface Invocation<C extends CommandSpec = CommandSpec> {
  /** The options' values. */
  readonly options: OptionsOf<C>;
  /** Who gave an option; those at their default are missing. */
  readonly given: ReadonlyMap<string, OptionSource>;
  /** The other arguments. */
  readonly args: readonly string[];
  /** The same with a file's options below those given: how a resumed run gets its own back. */
  withDefaults(file: OptionFile): Invocation<C>;
}

/** Does what a command is for; gives the exit status. */
export type Action<C extends CommandSpec = CommandSpec> = (
  invocation: Invocation<C>,
) => Promise<number>;

/** Builds an invocation; `resolve` merges options with those of a file. */
export function createInvocation<C extends CommandSpec>(
  resolve: (file?: OptionFile) => ResolvedOptions,
  args: readonly string[],
  file?: OptionFile,
): Invocation<C> {
  const { values, given } = resolve(file);
  return {
    options: values as OptionsOf<C>,
    given,
    args,
    withDefaults: (base) =>
      createInvocation(resolve, args, {
        path: file?.path ?? base.path,
        values: { ...base.values, ...file?.values },
      }),
  };
}
