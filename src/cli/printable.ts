/**
 * What may reach a terminal. File names and the texts of files are other people's: with control
 * characters they set titles, move the cursor and forge lines.
 *
 * @module
 */

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, and the marks that turn the direction
 * of writing round; but for tab and line feed.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of several lines with whatever a terminal would act on written as `\u001b`, as in JSON. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** The same of what has to stay within its line, such as a file's name: tabs and line ends as well. */
export function printable(text: string): string {
  return printableLines(text).replace(/[\t\n]/g, escape);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
