/**
 * Commands and options as data. Parsers, help, completions, `--config` files and the tables of the
 * README are all made from these declarations, so nothing is listed twice.
 *
 * @module
 */

interface OptionBase {
  /** The long flag without its dashes; also the key in a `--config` file. */
  readonly name: string;
  /** One letter for a short flag. */
  readonly short?: string;
  /** What it does, in a few words. */
  readonly help: string;
  /** What the value is called in help; needed by all but flags. */
  readonly value?: string;
  /** The value where none is given. */
  readonly default?: unknown;
  /** What help says of the default, where it is not a fixed value. */
  readonly defaultText?: string;
  /** An environment variable that sets it. */
  readonly env?: string;
  /** The heading it stands under in help. */
  readonly group?: string;
}

/** A flag without a value. */
export interface FlagOption extends OptionBase {
  /** The kind of value. */
  readonly type: "flag";
}

/** A number, or several of them separated by commas where `length` is given. */
export interface NumberOption extends OptionBase {
  /** The kind of value. */
  readonly type: "integer" | "number";
  /** The smallest value allowed. */
  readonly min?: number;
  /** The largest value allowed. */
  readonly max?: number;
  /** The number itself must be larger than `min`, not equal to it. */
  readonly aboveMin?: boolean;
  /** The number itself must be smaller than `max`, not equal to it. */
  readonly belowMax?: boolean;
  /** Whole numbers: the value must be a multiple of this. */
  readonly multipleOf?: number;
  /** The only numbers allowed. */
  readonly oneOf?: readonly number[];
}

/** Numbers separated by commas. */
export interface NumberListOption extends OptionBase {
  /** The kind of value. */
  readonly type: "integers" | "numbers";
  /** How many there must be; any number of them where it is left out. */
  readonly length?: number;
  /** The smallest value allowed. */
  readonly min?: number;
  /** The largest value allowed. */
  readonly max?: number;
  /** Each must be smaller than `max`, not equal to it. */
  readonly belowMax?: boolean;
}

/** One of a few words. */
export interface ChoiceOption extends OptionBase {
  /** The kind of value. */
  readonly type: "choice";
  /** The words. */
  readonly choices: readonly string[];
}

/** A file or a folder; `paths` may be given several times. */
export interface PathOption extends OptionBase {
  /** The kind of value. */
  readonly type: "path" | "paths";
  /** Something is written there: a file of options, which may be a stranger's, cannot set it. */
  readonly output?: boolean;
}

/** Any text. */
export interface TextOption extends OptionBase {
  /** The kind of value. */
  readonly type: "text";
  /** It is names separated by commas. */
  readonly list?: boolean;
}

/** A path that may be left out, as in `--resume` and `--resume DIR`. */
export interface OptionalPathOption extends OptionBase {
  /** The kind of value; true where the flag stands alone. */
  readonly type: "optional-path";
}

/** Two whole numbers with a space between, as in `--interpolate 3 8`. */
export interface PairOption extends OptionBase {
  /** The kind of value. */
  readonly type: "pair";
  /** The smallest value allowed. */
  readonly min?: number;
  /** The largest value allowed. */
  readonly max?: number;
}

/** Rows and columns, as in `--grid 4x8`. */
export interface SizeOption extends OptionBase {
  /** The kind of value. */
  readonly type: "size";
}

/** Any option. */
export type OptionSpec =
  | FlagOption
  | NumberOption
  | NumberListOption
  | ChoiceOption
  | PathOption
  | TextOption
  | OptionalPathOption
  | PairOption
  | SizeOption;

/** An argument that is no option. */
export interface ArgumentSpec {
  /** What help calls it. */
  readonly name: string;
  /** What it is. */
  readonly help: string;
  /** Whether it may be left out. */
  readonly optional?: boolean;
  /** Whether there may be several; only the last. */
  readonly many?: boolean;
  /** The words allowed. */
  readonly choices?: readonly string[];
}

/** A command line worth showing. */
export interface Example {
  /** What it does. */
  readonly does: string;
  /** Everything after the program's name. */
  readonly line: string;
}

/** A command, or a group of commands. */
export interface CommandSpec {
  /** The word typed. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** More, for its own help. */
  readonly details?: string;
  /** Its arguments. */
  readonly arguments?: readonly ArgumentSpec[];
  /** Its options. */
  readonly options: readonly OptionSpec[];
  /** Command lines worth showing. */
  readonly examples?: readonly Example[];
  /** A group's commands. */
  readonly commands?: readonly CommandSpec[];
  /** The one of them that is meant where none is named. */
  readonly implied?: string;
}

/** A command line taken apart, its values still text. */
export interface ParsedLine {
  /** The command's words: `["dataset", "synth"]`; empty for the program itself. */
  readonly path: readonly string[];
  /** Options given: text, a list where there are several values, true for a flag. */
  readonly options: Readonly<Record<string, string | readonly string[] | true>>;
  /** The other arguments. */
  readonly args: readonly string[];
}

/** What values of an option look like in code. */
export type OptionValue<O> = O extends { type: "flag" } ? boolean
  : O extends { type: "integer" | "number" } ? number
  : O extends { type: "integers" | "numbers" } ? readonly number[]
  : O extends { type: "choice"; choices: readonly (infer C)[] } ? C
  : O extends { type: "path" | "text" } ? string
  : O extends { type: "paths" } ? readonly string[]
  : O extends { type: "optional-path" } ? string | true
  : O extends { type: "pair" } ? readonly [number, number]
  : O extends { type: "size" } ? { readonly rows: number; readonly columns: number }
  : never;

/** A command's options by name; those without a default may be undefined, flags are false. */
export type OptionsOf<C extends { readonly options: readonly { readonly name: string }[] }> = {
  readonly [O in C["options"][number] as O["name"]]:
    | OptionValue<O>
    | (O extends { default: unknown } | { type: "flag" } ? never : undefined);
};

/** What help prints behind a flag: `<N>`, `[DIR]`, `<A> <B>` or nothing. */
export function placeholder(option: OptionSpec): string {
  const value = option.value ?? "VALUE";
  if (option.type === "flag") return "";
  if (option.type === "optional-path") return `[${value}]`;
  return value.split(" ").map((word) => `<${word}>`).join(" ");
}

/** The text of an option's default, or undefined where it has none. */
export function defaultText(option: OptionSpec): string | undefined {
  if (option.defaultText !== undefined) return option.defaultText;
  if (option.default === undefined) return undefined;
  return Array.isArray(option.default) ? option.default.join(",") : String(option.default);
}

/** Finds the command that a path of words names; the words that led there come with it. */
export function findCommand(
  program: CommandSpec,
  words: readonly string[],
): { readonly command: CommandSpec; readonly path: readonly string[] } {
  let command = program;
  const path: string[] = [];
  for (const word of words) {
    const next = command.commands?.find(({ name }) => name === word);
    if (!next) break;
    command = next;
    path.push(word);
  }
  return { command, path };
}

/** A line with the word that a group implies put in: `compare --losses ls,bce` is `compare run ...`. */
export function withImpliedCommand(program: CommandSpec, line: readonly string[]): string[] {
  const { command: { implied }, path } = findCommand(program, line);
  const [next] = line.slice(path.length);
  const own = next === undefined ||
    (next.startsWith("-") && !/^(--help|-h|--version|-V)$/.test(next));
  return implied !== undefined && own ? [...path, implied, ...line.slice(path.length)] : [...line];
}
