/**
 * What any parser of the command line gives, whichever library does the work.
 *
 * @module
 */

/** A command line taken apart, its values still text. */
export interface ParsedLine {
  /** The command's words: `["dataset", "synth"]`; empty for the program itself. */
  readonly path: readonly string[];
  /** Options given: text, a list where there are several values, true for a flag. */
  readonly options: Readonly<Record<string, string | readonly string[] | true>>;
  /** The other arguments. */
  readonly args: readonly string[];
}

/** A library that takes command lines apart and prints help, set up with our commands. */
export interface CommandParser {
  /** The library's name. */
  readonly library: "cliffy" | "commander";
  /**
   * Takes a command line apart.
   *
   * @throws {UsageError} If it has an unknown command or option, or too few or many values.
   */
  parse(args: readonly string[]): Promise<ParsedLine>;
  /** The help of a command. */
  help(
    path: readonly string[],
    options: { readonly color: boolean; readonly width: number },
  ): string;
}
